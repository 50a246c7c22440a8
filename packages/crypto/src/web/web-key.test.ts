import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { jweOpenerOf } from './jwe.ts'
import { signerOf } from './sign.ts'
import { generateEncryptionKey, generateKey } from './web-key.ts'

test('KEY-29 no private key comes out of WebCrypto, in any form', async () => {
  const made = await Promise.all([
    generateKey('ES256'),
    generateKey('ES384'),
    generateKey('ES512'),
    generateKey('EdDSA'),
    generateEncryptionKey(),
  ])
  for (const { privateKey } of made) {
    expect(privateKey.extractable).toBe(false)
    await expect(crypto.subtle.exportKey('jwk', privateKey)).rejects.toThrow()
    await expect(crypto.subtle.exportKey('pkcs8', privateKey)).rejects.toThrow()
    expect(JSON.stringify(privateKey)).not.toContain('"d"')
  }
})

test('KEY-7 a key of WebCrypto that is public, or for something else, neither signs nor opens', async () => {
  const ecdsa = { name: 'ECDSA', namedCurve: 'P-256' }
  const ecdh = { name: 'ECDH', namedCurve: 'P-384' }
  const signing = await crypto.subtle.generateKey(ecdsa, false, ['sign', 'verify'])
  const agreeing = await crypto.subtle.generateKey(ecdh, false, ['deriveBits'])
  expect(outcomeOf(() => signerOf(signing.publicKey))).toBe('key_unusable')
  expect(outcomeOf(() => signerOf(agreeing.privateKey))).toBe('key_unusable')
  expect(outcomeOf(() => jweOpenerOf(signing.privateKey))).toBe('key_unusable')
  expect(outcomeOf(() => jweOpenerOf(agreeing.privateKey))).toBe('key_unusable')
  expect(outcomeOf(() => jweOpenerOf(agreeing.publicKey))).toBe('key_unusable')
})
