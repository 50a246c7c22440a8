/** A browser of 2024, which has the NIST curves and no Ed25519. */
import { keyPairFor, outcomeOf, signerFor } from '@facet-id/testkit'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { checkSignatures } from './verify.ts'
import { generateKey } from './web-key.ts'

function notSupported(): Promise<never> {
  return Promise.reject(new DOMException('Unrecognized name.', 'NotSupportedError'))
}

beforeEach(() => {
  const { importKey, generateKey: make } = crypto.subtle
  const isEdwards = (algorithm: unknown): boolean => JSON.stringify(algorithm).includes('Ed25519')
  // The platform is the world here, and not code of ours.
  vi.spyOn(crypto.subtle, 'importKey').mockImplementation(((...given: readonly unknown[]) =>
    isEdwards(given[2])
      ? notSupported()
      : Reflect.apply(importKey, crypto.subtle, given)) as typeof importKey)
  vi.spyOn(crypto.subtle, 'generateKey').mockImplementation(((...given: readonly unknown[]) =>
    isEdwards(given[0]) ? notSupported() : Reflect.apply(make, crypto.subtle, given)) as typeof make)
})

afterEach(() => {
  vi.restoreAllMocks()
})

test('KEY-28 where a browser lacks Ed25519, plain JavaScript verifies it by the same rules', async () => {
  const { publicJwk, privateJwk } = keyPairFor('EdDSA')
  const signature = signerFor('EdDSA', privateJwk).sign(Buffer.from('text'))
  const check = { alg: 'EdDSA', key: publicJwk, data: 'text', signature } as const
  const noPoint = { kty: 'OKP', crv: 'Ed25519', x: `Ag${'A'.repeat(41)}` } as const
  const verdicts = await checkSignatures([
    check,
    { ...check, data: 'other' },
    { ...check, signature: signature.subarray(1) },
    { ...check, key: noPoint },
  ])
  expect(verdicts).toEqual(['valid', 'invalid', 'invalid', 'invalid'])
})

test('KEY-28 it makes no Ed25519 keys then, says so, and makes others', async () => {
  expect(await outcomeOf(() => generateKey('EdDSA'))).toBe('algorithm_unsupported')
  expect((await generateKey('ES256')).publicJwk.kty).toBe('EC')
})
