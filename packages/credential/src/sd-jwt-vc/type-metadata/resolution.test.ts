import { hash, outcomeOf, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { type CredentialType, joinTypes } from './credential-type.ts'
import { readTypeMetadata } from './document.ts'
import { writeIntegrity } from './integrity.ts'
import { beginType, type TypeResolution, takeDocument } from './resolution.ts'

interface Chain {
  readonly vct: string
  readonly integrity?: string
  readonly documents: Readonly<Record<string, string>>
}

function resolve({ vct, integrity, documents }: Chain): CredentialType {
  let resolution: TypeResolution = beginType(vct, integrity)
  while (resolution.has === 'documents') {
    resolution = takeDocument(resolution, documents[resolution.wanted.vct] ?? '', hash)
  }
  return resolution.type
}

const typeOf = (...documents: readonly { readonly vct: string }[]): CredentialType =>
  resolve({
    vct: documents[0]?.vct ?? '',
    documents: Object.fromEntries(documents.map((document) => [document.vct, JSON.stringify(document)])),
  })

for (const { requirement, comment, input, expect: outcome } of vectors(
  new URL('../../../vectors/type-chain/', import.meta.url),
)) {
  test(`${requirement} ${comment}`, () => {
    expect(outcomeOf(() => resolve(input as Chain))).toBe(outcome)
  })
}

const en = (name: string) => [{ locale: 'en', name }]
const label = (text: string) => [{ locale: 'en', label: text }]

test('SVC-5.4-1 asks for the type, then for what it extends, each with its integrity', () => {
  const begun = beginType('urn:t:1', 'sha256-AAAA')
  expect(begun.wanted).toEqual({ vct: 'urn:t:1', integrity: 'sha256-AAAA' })
  const document = JSON.stringify({ vct: 'urn:t:1', extends: 'urn:t:2', 'extends#integrity': 'sha384-BBBB' })
  expect(takeDocument(beginType('urn:t:1'), document, hash)).toMatchObject({
    has: 'documents',
    wanted: { vct: 'urn:t:2', integrity: 'sha384-BBBB' },
  })
  const known = takeDocument(beginType('urn:t:1'), '{"vct":"urn:t:1"}', hash)
  expect(known.has).toBe('type')
  expect(outcomeOf(() => takeDocument(known, '{"vct":"urn:t:1"}', hash))).toBe('not_ready')
})

test('SVC-5.5.2-1 the display of a child stands in place of its parent’s, whole; else the parent’s stays', () => {
  const parent = { vct: 'urn:t:2', display: [...en('Parent'), { locale: 'de', name: 'Eltern' }] }
  expect(
    typeOf({ vct: 'urn:t:1', extends: 'urn:t:2', display: en('Child') } as never, parent).display,
  ).toEqual(en('Child'))
  expect(typeOf({ vct: 'urn:t:1', extends: 'urn:t:2' } as never, parent).display).toEqual(parent.display)
  expect(typeOf({ vct: 'urn:t:1' }).display).toEqual([])
})

test('SVC-5.6.5-1 a child inherits claims, and its properties win one by one', () => {
  const child = {
    vct: 'urn:t:1',
    extends: 'urn:t:2',
    claims: [{ path: ['b'], display: label('Own'), sd: 'always' }, { path: ['c'] }],
  }
  const parent = {
    vct: 'urn:t:2',
    claims: [
      { path: ['a'], display: label('A'), svg_id: 'a' },
      { path: ['b'], display: [...label('B'), { locale: 'de', label: 'B' }], mandatory: true, svg_id: 'b' },
    ],
  }
  expect(typeOf(child, parent)).toEqual({
    vct: 'urn:t:1',
    extends: ['urn:t:2'],
    display: [],
    claims: [
      { path: ['a'], display: label('A'), mandatory: false, sd: 'allowed', svg_id: 'a' },
      { path: ['b'], display: label('Own'), mandatory: true, sd: 'always', svg_id: 'b' },
      { path: ['c'], display: [], mandatory: false, sd: 'allowed' },
    ],
  })
})

test('SVC-7.7-1 a type tells what it extends, and that gives nobody a right: "vct" stays its own', () => {
  const type = typeOf(
    { vct: 'urn:t:1', extends: 'urn:t:2' } as never,
    { vct: 'urn:t:2', name: 'Passport' } as never,
  )
  expect(type).toMatchObject({ vct: 'urn:t:1', extends: ['urn:t:2'] })
  expect(type.name).toBeUndefined()
})

test('SVC-5.4-1 a type that was joined before is taken as it is, for its own document alone and where it extends nothing', () => {
  const document = '{"vct":"urn:t:1"}'
  const read = readTypeMetadata(document, 'urn:t:1')
  const type = joinTypes([read])
  const taken = takeDocument(beginType('urn:t:1'), { document, read, type }, hash)
  expect(taken.has === 'type' && taken.type).toBe(type)
  const child = takeDocument(beginType('urn:t:0'), '{"vct":"urn:t:0","extends":"urn:t:1"}', hash)
  expect(takeDocument(child, { document, read, type }, hash)).toMatchObject({
    type: { vct: 'urn:t:0', extends: ['urn:t:1'] },
  })
  const other = joinTypes([readTypeMetadata('{"vct":"urn:t:2"}', 'urn:t:2')])
  expect(takeDocument(beginType('urn:t:1'), { document, type: other }, hash)).toMatchObject({
    type: { vct: 'urn:t:1' },
  })
})

test('SVC-5.3-1, SVC-5.3-2 a document that was read before is not read again, and counts for its own type alone', () => {
  const read = { vct: 'urn:t:1', name: 'as it was read before' }
  const document = '{"vct":"urn:t:1"}'
  expect(takeDocument(beginType('urn:t:1'), { document, read }, hash)).toMatchObject({
    type: { vct: 'urn:t:1' },
  })
  expect(takeDocument(beginType('urn:t:1'), { document: 'not read at all', read }, hash)).toMatchObject({
    has: 'type',
  })
  const other = { document, read: { vct: 'urn:t:2' } }
  expect(takeDocument(beginType('urn:t:1'), other, hash)).toMatchObject({ type: { vct: 'urn:t:1' } })
  const changed = { document: '{"vct":"urn:t:1","name":"changed"}', read }
  const integrity = writeIntegrity(document, hash)
  expect(outcomeOf(() => takeDocument(beginType('urn:t:1', integrity), changed, hash))).toBe(
    'integrity_mismatch',
  )
})
