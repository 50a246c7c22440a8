import { hash, keyPair, keyPairFor, outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { writeBase64url } from '../base64url.ts'
import { algorithmOf, jwkThumbprint, readPublicJwk, readPublicMembers, sameKey } from './jwk.ts'

const { publicJwk, privateJwk } = keyPair()
const short = writeBase64url(new Uint8Array(31).fill(1))
const long = writeBase64url(new Uint8Array(33).fill(1))

test.each<[string, object, string]>([
  ['a coordinate of 31 bytes', { x: short }, 'jwk_malformed'],
  ['a coordinate of 33 bytes', { y: long }, 'jwk_malformed'],
  ['an empty coordinate', { y: '' }, 'jwk_malformed'],
  ['a padded coordinate', { x: `${publicJwk.x}=` }, 'jwk_malformed'],
  ['a coordinate in the other alphabet', { x: `+/${publicJwk.x.slice(2)}` }, 'jwk_malformed'],
  ['a coordinate that is a number', { x: 7 }, 'jwk_malformed'],
  ['a missing coordinate', { y: undefined }, 'jwk_malformed'],
  ['a missing type', { kty: undefined }, 'jwk_malformed'],
  ['a kid that is a number', { kid: 7 }, 'jwk_malformed'],
  ['operations that are a text', { key_ops: 'verify' }, 'jwk_malformed'],
  ['operations that are numbers', { key_ops: [1] }, 'jwk_malformed'],
])('JWT-3.4-1 refuses a key with %s', (_, change, expected) => {
  expect(outcomeOf(() => readPublicJwk(JSON.parse(JSON.stringify({ ...publicJwk, ...change }))))).toBe(
    expected,
  )
})

test.each([null, [], 'key', 7, undefined])('JWT-3.4-1 refuses %j where a key belongs', (value) => {
  expect(outcomeOf(() => readPublicJwk(value))).toBe('jwk_malformed')
})

test.each(['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k', 'priv'])(
  'a key with the private member %s is refused',
  (name) => {
    expect(outcomeOf(() => readPublicJwk({ ...publicJwk, [name]: 'AA' }))).toBe('jwk_private')
    expect(outcomeOf(() => readPublicMembers({ kty: 'RSA', [name]: null }))).toBe('jwk_private')
  },
)

test('private and symmetric keys are refused', () => {
  expect(outcomeOf(() => readPublicJwk({ ...privateJwk }))).toBe('jwk_private')
  expect(outcomeOf(() => readPublicJwk({ kty: 'oct' }))).toBe('jwk_private')
})

test.each<[string, object]>([
  ['of another type', { kty: 'OKP' }],
  ['on another curve', { crv: 'secp256k1' }],
  ['for the algorithm of another curve', { alg: 'ES384' }],
  ['without a curve', { crv: undefined }],
  ['for encryption', { use: 'enc' }],
  ['for another algorithm', { alg: 'ECDH-ES' }],
  ['for HS256', { alg: 'HS256' }],
  ['for other operations', { key_ops: ['deriveBits'] }],
])('JWT-3.1-1 refuses a key %s', (_, change) => {
  expect(outcomeOf(() => readPublicJwk(JSON.parse(JSON.stringify({ ...publicJwk, ...change }))))).toBe(
    'jwk_unsupported',
  )
})

test('a key is read as it is, and what RFC 7517 does not name is left out', () => {
  const named = { ...publicJwk, kid: 'one', use: 'sig', alg: 'ES256', key_ops: ['verify'] }
  expect(readPublicJwk(named)).toEqual(named)
  expect(readPublicJwk({ ...publicJwk, exp: 7, __proto__: null })).toEqual(publicJwk)
})

test('the thumbprint of the key of RFC 9449 is the one printed there', () => {
  const jwk = readPublicJwk({
    kty: 'EC',
    x: 'l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs',
    y: '9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA',
    crv: 'P-256',
  })
  expect(jwkThumbprint(jwk, hash)).toBe('0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I')
  expect(jwkThumbprint({ ...jwk, kid: 'one', alg: 'ES256' }, hash)).toBe(jwkThumbprint(jwk, hash))
})

test('the thumbprint of the key of RFC 8037 is the one printed there', () => {
  const jwk = readPublicJwk({
    kty: 'OKP',
    crv: 'Ed25519',
    x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
  })
  expect(jwkThumbprint(jwk, hash)).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k')
})

test.each(['ES256', 'ES384', 'ES512', 'EdDSA'] as const)(
  'JWT-3.1-1 a key for %s is read as it is, serves that algorithm, and no other',
  (alg) => {
    const { publicJwk: jwk } = keyPairFor(alg)
    const { publicJwk: other } = keyPairFor(alg)
    expect(readPublicJwk({ ...jwk, alg })).toEqual({ ...jwk, alg })
    expect(algorithmOf(readPublicJwk({ ...jwk }))).toBe(alg)
    expect([sameKey(jwk, { ...jwk, kid: 'one' }), sameKey(jwk, other)]).toEqual([true, false])
    const wrong = alg === 'ES256' ? 'EdDSA' : 'ES256'
    expect(outcomeOf(() => readPublicJwk({ ...jwk, alg: wrong }))).toBe('jwk_unsupported')
    expect(outcomeOf(() => readPublicJwk({ ...jwk, x: jwk.x.slice(4) }))).toBe('jwk_malformed')
    expect(outcomeOf(() => readPublicJwk({ ...jwk, d: jwk.x }))).toBe('jwk_private')
  },
)

test('keys are the same when their points are', () => {
  expect(sameKey(publicJwk, { ...publicJwk, kid: 'one', use: 'sig' })).toBe(true)
  expect(sameKey(publicJwk, { ...publicJwk, y: publicJwk.x })).toBe(false)
  expect(sameKey(publicJwk, { ...publicJwk, x: publicJwk.y })).toBe(false)
  expect(sameKey(publicJwk, keyPair().publicJwk)).toBe(false)
})
