import { outcomeOf, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { readClientId, writeClientId } from './client-id.ts'
import { type ClientIdPrefix, prefixRules } from './prefix-rules.ts'

for (const { requirement, comment, input, expect: expected } of vectors(
  new URL('../../../vectors/openid4vp/client-id/', import.meta.url),
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

test('VP-5.9-1 what was written with a prefix is read with it, and with no other', () => {
  const ids: Readonly<Record<ClientIdPrefix, string>> = {
    decentralized_identifier: 'did:example:123',
    openid_federation: 'https://verifier.example',
    'pre-registered': 'verifier',
    redirect_uri: 'https://verifier.example/cb',
    verifier_attestation: 'verifier.example',
    x509_hash: 'Uvo3HtuIxuhC92rShpgqcT3YXwrqRxWEviRiA0OZszk',
    x509_san_dns: 'verifier.example',
  }
  for (const prefix of Object.keys(prefixRules) as ClientIdPrefix[]) {
    expect(readClientId(writeClientId(ids[prefix], prefix))).toMatchObject({ prefix, id: ids[prefix] })
  }
})

test('VP-14.7-1 an address on plain http names a client in development mode only', () => {
  const local = 'redirect_uri:http://127.0.0.1:3000/cb'
  expect(outcomeOf(() => readClientId(local))).toBe('https_required')
  expect(readClientId(local, 'https_or_loopback_http').prefix).toBe('redirect_uri')
})

test('a refusal repeats nothing of the stranger but the name of a known prefix', () => {
  for (const text of ['<script>:x', 'x509_hash:<script>', 'decentralized_identifier:<script>', '< script>']) {
    expect(() => readClientId(text)).toThrow(/^[^<]*$/)
  }
})
