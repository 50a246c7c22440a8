import { writeIntegrity } from '@facet-id/credential/type-metadata'
import { hash, outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { failing, jsonPage, type Publishing, publishing } from './documents.test-support.ts'
import { safeTransport } from './node/transport.ts'
import { createTypeDocuments, type TypeDocumentOptions } from './type-metadata.ts'

const vct = 'https://types.example/person/1'
const publishers = ['https://types.example']
const text = JSON.stringify({ vct, name: 'Person' })
const changed = JSON.stringify({ vct, name: 'Somebody' })
const urn = JSON.stringify({ vct: 'urn:facet:person:1' })

const typesIn = ({ transport, clock }: Publishing, options: Partial<TypeDocumentOptions> = {}) =>
  createTypeDocuments({ transport, now: clock.now, hash, publishers, ...options })

test('SVC-5.3.1-1 fetches a type from its own address, as it is written, byte for byte', async () => {
  const spelled = `${text.replace('Person', 'Person\\u0041')}\n`
  const world = publishing({ [vct]: jsonPage(spelled) })
  expect(await typesIn(world).typeMetadataOf({ vct })).toEqual({ document: spelled })
  expect(world.asked).toEqual([vct])
})

test('SVC-7.8-1 fetches nothing of publishers that do not count', async () => {
  const world = publishing({ [vct]: jsonPage(text) })
  for (const none of [
    [],
    ['https://types.example.net'],
    ['https://Types.example'],
    ['https://types.example/person'],
  ]) {
    expect(await typesIn(world, { publishers: none }).typeMetadataOf({ vct })).toHaveProperty('refused')
  }
  expect(await typesIn(world).typeMetadataOf({ vct: 'https://types.example@other.example/' })).toHaveProperty(
    'undetermined',
  )
  expect(world.asked).toEqual([])
})

test('SVC-5.3.2-1, SVC-8.4-1 takes what was brought along, and fetches nothing for it', async () => {
  const world = publishing({ [vct]: jsonPage(changed) })
  const types = typesIn(world, { documents: [text, urn] })
  expect(await types.typeMetadataOf({ vct })).toEqual({
    document: text,
    read: { vct, name: 'Person' },
    type: { vct, name: 'Person', extends: [], display: [], claims: [] },
  })
  expect(await types.typeMetadataOf({ vct: 'urn:facet:person:1' })).toMatchObject({ document: urn })
  expect(await types.typeMetadataOf({ vct: 'urn:facet:other:1' })).toHaveProperty('undetermined')
  expect(world.asked).toEqual([])
  // One that the credential was not issued with is looked for where it is published.
  const integrity = writeIntegrity(changed, hash)
  expect(await types.typeMetadataOf({ vct, integrity })).toEqual({ document: changed })
})

test('SVC-5.3.2-1 refuses to bring along what no credential could be held against', () => {
  expect(outcomeOf(() => typesIn(publishing(), { documents: ['{}'] }))).toBe('type_metadata_malformed')
  expect(outcomeOf(() => typesIn(publishing(), { documents: ['{"vct":"a","claims":1}'] }))).toBe(
    'type_metadata_malformed',
  )
})

test.each<[string, Publishing['pages'], 'refused' | 'undetermined']>([
  ['nothing is there', {}, 'undetermined'],
  ['an error comes with a document', { [vct]: { ...jsonPage(text), status: 503 } }, 'undetermined'],
  ['a redirect comes with a document', { [vct]: { ...jsonPage(text), status: 301 } }, 'undetermined'],
  ['nobody is there', { [vct]: failing('peer_unreachable') }, 'undetermined'],
  ['it is larger than is read', { [vct]: jsonPage(`${text}${' '.repeat(262_144)}`) }, 'refused'],
  ['it is a page', { [vct]: { ...jsonPage(text), headers: { 'content-type': 'text/html' } } }, 'refused'],
  ['it is about another type', { [vct]: jsonPage({ vct: `${vct}0` }) }, 'refused'],
  ['it is no JSON', { [vct]: jsonPage('<html>') }, 'refused'],
])('SVC-3-2, SVC-3-4 says so in words when %s', async (_, pages, outcome) => {
  const answer = await typesIn(publishing(pages)).typeMetadataOf({ vct })
  expect(Object.keys(answer)).toEqual([outcome])
})

test('SVC-5.3.4-1 keeps a document for good under what its integrity says, and otherwise for its time', async () => {
  const world = publishing({ [vct]: jsonPage(text, { 'cache-control': 'max-age=100' }) })
  const types = typesIn(world)
  const integrity = writeIntegrity(text, hash)
  await types.typeMetadataOf({ vct, integrity })
  world.pages[vct] = jsonPage(changed)
  world.clock.advance(1_000_000)
  expect(await types.typeMetadataOf({ vct, integrity })).toEqual({ document: text })
  expect(world.asked).toHaveLength(1)
  expect(await types.typeMetadataOf({ vct })).toEqual({ document: changed })
  expect(world.asked).toHaveLength(2)
})

test('SVC-5.3.4-1 what an integrity value does not hold of is never kept under it', async () => {
  const world = publishing({ [vct]: jsonPage(changed, { 'cache-control': 'no-store' }) })
  const types = typesIn(world)
  const integrity = writeIntegrity(text, hash)
  // Handed on as it is: the judgement says that it was changed.
  expect(await types.typeMetadataOf({ vct, integrity })).toEqual({ document: changed })
  world.pages[vct] = jsonPage(text)
  expect(await types.typeMetadataOf({ vct, integrity })).toEqual({ document: text })
})

test('SVC-7.1-1 calls no address of this network for a type, whoever counts as its publisher', async () => {
  const transport = safeTransport({ mode: 'production' })
  const hosts = ['https://127.0.0.1', 'https://10.0.0.1', 'https://[::1]', 'https://169.254.169.254']
  const types = createTypeDocuments({ transport, now: () => 0, hash, publishers: hosts })
  for (const host of hosts) {
    expect(await types.typeMetadataOf({ vct: `${host}/type` })).toEqual({
      refused: expect.stringContaining('not called from here'),
    })
  }
  transport.close()
})
