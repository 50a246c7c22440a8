import { writeBase64urlText } from '@facet-id/credential/base64url'
import { writeDidJwk } from '@facet-id/credential/did'
import { keyPair } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { createKeyResolver } from './key-resolver.ts'

const { resolveKey } = createKeyResolver()
const { publicJwk } = keyPair()
const did = writeDidJwk(publicJwk)
const kid = `${did}#0`
const other = writeDidJwk(keyPair().publicJwk)

test('DID-DOC-4 finds the key that a DID URL names', async () => {
  expect(await resolveKey({ did, kid, relationship: 'assertionMethod' })).toEqual({ key: publicJwk })
  expect(await resolveKey({ did, kid, relationship: 'authentication' })).toEqual({ key: publicJwk })
})

test.each<[string, string]>([
  ['another DID’s key', `${other}#0`],
  ['no fragment', did],
  ['another fragment', `${did}#1`],
  ['a key with a query', `${did}?x#0`],
  ['a key with a path', `${did}/x#0`],
  ['a relative URL', '#0'],
  ['no DID', 'https://issuer.example/#0'],
  ['a DID that begins alike', `${did}x#0`],
  ['nothing', ''],
  ['a hostile name', '../../etc/passwd\0'],
  ['a prototype', '__proto__'],
  ['a megabyte', `${did}#${'0'.repeat(1_000_000)}`],
])('DID-DOC-4 a kid that is %s finds nothing', async (_, wrong) => {
  expect(await resolveKey({ did, kid: wrong, relationship: 'assertionMethod' })).toHaveProperty('refused')
})

test('DID-DOC-4 a key is nobody else’s', async () => {
  expect(await resolveKey({ did: other, kid, relationship: 'assertionMethod' })).toHaveProperty('refused')
})

test('DID-DOC-3 a key serves only what its DID lists it for', async () => {
  const encrypting = `did:jwk:${writeBase64urlText(JSON.stringify({ ...publicJwk, use: 'enc' }))}`
  const ask = (relationship: 'assertionMethod' | 'keyAgreement') =>
    resolveKey({ did: encrypting, kid: `${encrypting}#0`, relationship })
  expect(await ask('assertionMethod')).toEqual({ refused: 'The DID has no such key for this use.' })
  expect(await ask('keyAgreement')).toHaveProperty('refused')
})

test.each([
  'did:web:issuer.example',
  'did:key:zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv',
  'did:webvh:x:y',
])('a DID of another method is refused in words: %s', async (unknown) => {
  const answer = await resolveKey({ did: unknown, kid: `${unknown}#0`, relationship: 'assertionMethod' })
  expect(answer).toEqual({ refused: expect.stringContaining('did:jwk only') })
})

test('DJWK-1, DJWK-2 a DID that holds no public key is refused, and a key of another kind too', async () => {
  const didOf = (jwk: object) => `did:jwk:${writeBase64urlText(JSON.stringify(jwk))}`
  const ask = (of: string) => resolveKey({ did: of, kid: `${of}#0`, relationship: 'assertionMethod' })
  const unreadable = { refused: 'The DID holds no public key that can be read.' }
  expect(await ask('did:jwk:e30')).toEqual(unreadable)
  expect(await ask('did:jwk:x')).toEqual(unreadable)
  expect(await ask(didOf({ ...publicJwk, d: publicJwk.x }))).toEqual(unreadable)
  expect(await ask(didOf({ kty: 'OKP', crv: 'X25519', x: publicJwk.x }))).toHaveProperty('refused')
  expect(await ask(didOf({ kty: 'EC', crv: 'secp256k1', x: publicJwk.x, y: publicJwk.y }))).toEqual({
    refused: expect.stringContaining('P-256'),
  })
})
