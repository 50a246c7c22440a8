import { outcomeOf, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { readClientId, writeClientId } from './client-id.ts'

for (const { requirement, comment, input, expect: expected } of vectors(
  new URL('../../vectors/openid4vp/client-id/', import.meta.url),
)) {
  test(`${requirement} ${comment}`, () => {
    expect(outcomeOf(() => readClientId(String(input)))).toBe(expected)
  })
}

test('VP-5.9-5 keeps the whole id, prefix included, as the name of the verifier', () => {
  const full = writeClientId('did:example:123')
  expect(full).toBe('decentralized_identifier:did:example:123')
  expect(readClientId(full)).toEqual({ prefix: 'decentralized_identifier', id: 'did:example:123', full })
})

test('a refusal repeats nothing of the stranger but the name of a known prefix', () => {
  for (const text of ['<script>:x', 'x509_hash:<script>', 'decentralized_identifier:<script>', '<script>']) {
    expect(() => readClientId(text)).toThrow(/^[^<]*$/)
  }
})
