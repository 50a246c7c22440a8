import { hash, keyPair, outcomeOf, signerOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { utf8 } from '../base64url.ts'
import { writeJws, writeSigningInput } from '../jose/jws.ts'
import type { JsonObject } from '../json.ts'
import type { Expectations } from '../sd-jwt-vc/question.ts'
import {
  type KeyBinding,
  type KeyBindingPolicy,
  readKeyBindingJwt,
  writeKeyBindingInput,
} from './key-binding-jwt.ts'

const { privateJwk } = keyPair()
const sign = (input: string) => writeJws(input, signerOf(privateJwk).sign(utf8(input)))
const binding: KeyBinding = {
  sdJwt: 'aa.bb.cc~dd~',
  nonce: 'n-1',
  audience: 'decentralized_identifier:did:example:verifier',
  issuedAt: 1_800_000_000,
  alg: 'ES256',
  sdAlg: 'sha-256',
  hash,
}

test('SDJ-4.3-1, SDJ-4.3-2, SDJ-4.3-3 writes typ, alg, iat, aud, nonce and sd_hash, and no more', () => {
  const jws = readKeyBindingJwt(sign(writeKeyBindingInput(binding)), ['ES256'])
  expect(jws.header).toEqual({ alg: 'ES256', typ: 'kb+jwt' })
  expect(jws.payload).toEqual({
    iat: 1_800_000_000,
    aud: 'decentralized_identifier:did:example:verifier',
    nonce: 'n-1',
    sd_hash: hash('sha-256', 'aa.bb.cc~dd~'),
  })
})

test('SDJ-4.3.1-1, SDJ-7.2-4 hashes the whole text with its last tilde, by the hash of the SD-JWT', () => {
  const input = writeKeyBindingInput({ ...binding, sdAlg: 'sha-512' })
  expect(readKeyBindingJwt(sign(input), ['ES256']).payload.sd_hash).toBe(hash('sha-512', 'aa.bb.cc~dd~'))
  expect(outcomeOf(() => writeKeyBindingInput({ ...binding, sdJwt: 'aa.bb.cc~dd' }))).toBe('sd_jwt_malformed')
})

test('SDJ-4.3-2 lets further claims replace none of its own', () => {
  const extra = { transaction_data_hashes: ['h'], nonce: 'other', aud: 'other', iat: 1, sd_hash: 'other' }
  expect(readKeyBindingJwt(sign(writeKeyBindingInput({ ...binding, extra })), ['ES256']).payload).toEqual({
    transaction_data_hashes: ['h'],
    ...readKeyBindingJwt(sign(writeKeyBindingInput(binding)), ['ES256']).payload,
  })
})

test.each<[string, JsonObject, string]>([
  ['another type', { alg: 'ES256', typ: 'dc+sd-jwt' }, 'jws_typ_unexpected'],
  ['no type', { alg: 'ES256' }, 'jws_typ_unexpected'],
  ['the algorithm none', { alg: 'none', typ: 'kb+jwt' }, 'jws_alg_not_allowed'],
  ['the algorithm HS256', { alg: 'HS256', typ: 'kb+jwt' }, 'jws_alg_not_allowed'],
  ['a key of its own', { alg: 'ES256', typ: 'kb+jwt', jwk: {} }, 'jws_header_forbidden'],
  ['an unknown extension', { alg: 'ES256', typ: 'kb+jwt', crit: ['x'] }, 'jws_crit_not_understood'],
])('SDJ-4.3-1 refuses a header with %s', (_, header, expected) => {
  expect(outcomeOf(() => readKeyBindingJwt(sign(writeSigningInput(header, {})), ['ES256']))).toBe(expected)
})

test('SDJ-7.3-2 refuses a key binding JWT larger than any needs to be', () => {
  const extra = { padding: 'x'.repeat(16_384) }
  const text = sign(writeKeyBindingInput({ ...binding, extra }))
  expect(outcomeOf(() => readKeyBindingJwt(text, ['ES256']))).toBe('jws_too_large')
})

type Fits<From, To> = [From] extends [To] ? true : false
type Required = Extract<KeyBindingPolicy, { readonly binding: 'required' }>

test('SDJ-7.3-1 nobody judges without a policy, and a required key binding has a nonce, an audience and an age', () => {
  const compiles = {
    noDefault: false satisfies Fits<Omit<Expectations, 'keyBinding'>, Expectations>,
    notUndefined: false satisfies Fits<undefined, Expectations['keyBinding']>,
    nonce: false satisfies Fits<Omit<Required, 'nonce'>, KeyBindingPolicy>,
    audience: false satisfies Fits<Omit<Required, 'audience'>, KeyBindingPolicy>,
    age: false satisfies Fits<Omit<Required, 'maxAgeSeconds'>, KeyBindingPolicy>,
    noThird: true satisfies Fits<KeyBindingPolicy['binding'], 'required' | 'forbidden'>,
  }
  expect(Object.values(compiles)).toEqual([false, false, false, false, false, true])
})
