import { writeDidDocument, writeDidWeb } from '@facet-id/credential/did'
import { ProtocolError } from '@facet-id/protocol/error'
import { keyPair } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { worldOf } from './world.test-support.ts'

const place = 'https://issuer.example/.well-known/did.json'
const did = writeDidWeb('issuer.example')
const [old, fresh] = [keyPair().publicJwk, keyPair().publicJwk]

function documentOf(fragments: Readonly<Record<string, typeof old>>): { readonly body: string } {
  const keys = Object.entries(fragments).map(
    ([fragment, key]) => ({ fragment, key, relationships: ['assertionMethod'] }) as const,
  )
  return { body: JSON.stringify(writeDidDocument(did, { keys })) }
}

const question = (fragment: string) =>
  ({ did, kid: `${did}#${fragment}`, relationship: 'assertionMethod' }) as const

/** A resolver that knows the document with the old key, half a minute ago. */
async function knowing() {
  const world = worldOf()
  world.web.set(place, documentOf({ old }))
  expect(await world.resolveKey(question('old'))).toEqual({ key: old })
  world.clock.advance(31)
  return world
}

test('DMG-39 a key that was made since is found, and the old one too', async () => {
  const world = await knowing()
  world.web.set(place, documentOf({ old, fresh }))
  const both = await Promise.all([world.resolveKey(question('fresh')), world.resolveKey(question('fresh'))])
  expect(both[0]).toEqual({ key: fresh })
  expect(await world.resolveKey(question('fresh'))).toEqual({ key: fresh })
  expect(await world.resolveKey(question('old'))).toEqual({ key: old })
  expect(world.asked).toHaveLength(2)
})

test('DMG-39 who asks for keys that are not there makes us ask once in half a minute', async () => {
  const world = await knowing()
  for (let i = 0; i < 20; i++) expect(await world.resolveKey(question(`none-${i}`))).toHaveProperty('refused')
  expect(world.asked).toHaveLength(2)
  world.clock.advance(29)
  expect(await world.resolveKey(question('none'))).toHaveProperty('refused')
  expect(world.asked).toHaveLength(2)
})

test.each([
  ['it is not reached', new ProtocolError('peer_unreachable', 'Nobody is there')],
  ['it has nothing now', { status: 404 }],
  ['it has the document of another', { body: '{"id":"did:web:other.example"}' }],
])('DMG-39 what was known stays when %s', async (_, answer) => {
  const world = await knowing()
  world.web.set(place, answer)
  expect(await world.resolveKey(question('fresh'))).toHaveProperty('refused')
  expect(await world.resolveKey(question('old'))).toEqual({ key: old })
  expect(world.asked).toHaveLength(2)
})

test('DMG-39 of a DID that says all itself nothing is fetched for a key that it does not have', async () => {
  const world = worldOf()
  const me = 'did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH'
  await world.resolveKey({ did: me, kid: `${me}#none`, relationship: 'assertionMethod' })
  world.clock.advance(31)
  expect(
    await world.resolveKey({ did: me, kid: `${me}#none`, relationship: 'assertionMethod' }),
  ).toHaveProperty('refused')
  expect(world.asked).toEqual([])
})
