import { keyPair, outcomeOf, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { readPublicJwk } from '../jose/jwk.ts'
import type { JsonValue } from '../json.ts'
import { bareEncryptionJwk, readEncryptionJwk } from './encryption-key.ts'

for (const { requirement, comment, input, expect: expected } of vectors(
  new URL('../../vectors/encryption-key/', import.meta.url),
)) {
  test(`${requirement} ${comment}`, () => {
    // A vector's input is what JSON.parse gave.
    expect(outcomeOf(() => readEncryptionJwk(input as JsonValue))).toBe(expected)
  })
}

test('JWE-KEY keeps what RFC 7517 names for a key, and leaves the rest out', () => {
  const { publicJwk } = keyPair()
  const notes = { kid: 'one', use: 'enc', alg: 'ECDH-ES' } as const
  const read = readEncryptionJwk({ ...publicJwk, ...notes, key_ops: ['deriveKey'], ext: true })
  expect(read).toEqual({ ...publicJwk, ...notes })
  expect(bareEncryptionJwk(read)).toEqual(publicJwk)
})

test('JWE-KEY no key that says its use is taken for both uses', () => {
  const { publicJwk } = keyPair()
  expect(outcomeOf(() => readPublicJwk({ ...publicJwk, use: 'enc' }))).toBe('jwk_unsupported')
  expect(outcomeOf(() => readPublicJwk({ ...publicJwk, alg: 'ECDH-ES' }))).toBe('jwk_unsupported')
  expect(outcomeOf(() => readEncryptionJwk({ ...publicJwk, use: 'sig' }))).toBe('jwk_unsupported')
})
