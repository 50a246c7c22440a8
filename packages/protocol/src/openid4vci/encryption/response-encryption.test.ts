import type { JsonValue } from '@facet-id/credential/json'
import { outcomeOf, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { readResponseEncryption } from './response-encryption.ts'

const all = vectors(new URL('../../../vectors/openid4vci/response-encryption/', import.meta.url))

for (const { requirement, comment, input, expect: expected } of all) {
  test(`${requirement} ${comment}`, () => {
    // A vector's input is what JSON.parse gave.
    expect(outcomeOf(() => readResponseEncryption(input as JsonValue, 'encrypted'))).toBe(expected)
  })
}

test('VCI-8.2-13 in a request in the clear every key for the response is refused, since it may be anybody’s', () => {
  for (const { input } of all) {
    const given = input as JsonValue
    expect(outcomeOf(() => readResponseEncryption(given, 'in the clear'))).toBe('encryption_unsupported')
  }
})

test('VCI-9.1-2 who asks for nothing is answered in the clear', () => {
  expect(readResponseEncryption(undefined, 'encrypted')).toBeUndefined()
  expect(readResponseEncryption(undefined, 'in the clear')).toBeUndefined()
})

test('VCI-10-2, VCI-10-3 the key keeps its name and its algorithm, for the header of what is encrypted', () => {
  const { input } = all.find(({ comment }) => comment.startsWith('takes a key, its')) ?? { input: null }
  expect(readResponseEncryption(input as JsonValue, 'encrypted')).toMatchObject({
    jwk: { kid: 'one', alg: 'ECDH-ES', crv: 'P-256' },
    enc: 'A256GCM',
  })
})
