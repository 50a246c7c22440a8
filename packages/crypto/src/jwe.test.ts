import { createHash, webcrypto } from 'node:crypto'
import { readBase64url, writeBase64url } from '@facet-id/credential/base64url'
import { jweEncryptions, type OpenJwe, readJwe } from '@facet-id/credential/jwe'
import { expect, test } from 'vitest'
import { agreedKey } from './concat-kdf.ts'
import { jweOpenerOf as nodeOpener } from './node/jwe.ts'
import { random } from './node/random.ts'
import { suite as nodeSuite } from './node/suite.ts'
import { jweOpenerOf as portableOpener } from './portable/jwe.ts'
import { portableSuite } from './portable/suite.ts'
import type { CryptoSuite } from './suite.ts'
import { jweOpenerOf as webOpener } from './web/jwe.ts'
import { suite as webSuite } from './web/suite.ts'

const read = (text: string) => readJwe(text, { encs: jweEncryptions, maxBytes: 100_000 })

/** RFC 7518 Appendix C: what Alice and Bob agreed on, and Bob's key. */
const shared = readBase64url('nlbZHYFxNdNyg0KDv4QmnPsxbqPagGpI9tqneYz-kMQ')
const bob = {
  kty: 'EC',
  crv: 'P-256',
  x: 'weNJy2HscCSM6AEDTDg04biOvhFhyyWvOHQfeF_PxMQ',
  y: 'e8lnCO-AlStT-NJVX-crhB7QRYhiix03illJOVAOyck',
  d: 'VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw',
} as const

test('JWE-KDF derives the key that RFC 7518 Appendix C prints', () => {
  const key = agreedKey(shared, { enc: 'A128GCM', apu: 'QWxpY2U', apv: 'Qm9i' }, sha256)
  expect(writeBase64url(key)).toBe('VqqN6vgjbSBcIijNcacQGg')
  expect(agreedKey(shared, { enc: 'A256GCM' }, sha256)).toHaveLength(32)
})

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest()
}

/** "hello" to Bob, by Alice's key of the same Appendix; encrypted by plain OpenSSL. */
const hello = {
  A128GCM:
    'eyJhbGciOiJFQ0RILUVTIiwiZW5jIjoiQTEyOEdDTSIsImFwdSI6IlFXeHBZMlUiLCJhcHYiOiJRbTlpIiwiZXBrIjp7Imt0eSI6IkVDIiwiY3J2IjoiUC0yNTYiLCJ4IjoiZ0kwR0FJTEJkdTdUNTNha3JGbU15R2NzRjNuNWRPN01td05CSEtXNVNWMCIsInkiOiJTTFdfeFNmZnpsUFdySEVWSTMwREhNXzRlZ1Z3dDNOUXFlVUQ3bk1GcHBzIn19..CQkJCQkJCQkJCQkJ.zlI8RZk.ANzVSipG1zjJ1kuzWSy8Qg',
  A256GCM:
    'eyJhbGciOiJFQ0RILUVTIiwiZW5jIjoiQTI1NkdDTSIsImFwdSI6IlFXeHBZMlUiLCJhcHYiOiJRbTlpIiwiZXBrIjp7Imt0eSI6IkVDIiwiY3J2IjoiUC0yNTYiLCJ4IjoiZ0kwR0FJTEJkdTdUNTNha3JGbU15R2NzRjNuNWRPN01td05CSEtXNVNWMCIsInkiOiJTTFdfeFNmZnpsUFdySEVWSTMwREhNXzRlZ1Z3dDNOUXFlVUQ3bk1GcHBzIn19..CQkJCQkJCQkJCQkJ.bK5ADz0.JATvT2ZLHGFp65SwSp8b5Q',
}

async function bobsWebOpener(): Promise<OpenJwe> {
  const ecdh = { name: 'ECDH', namedCurve: 'P-256' }
  return webOpener(await webcrypto.subtle.importKey('jwk', bob, ecdh, false, ['deriveBits']))
}

test('JWE-KDF, JWE-INTEROP each implementation opens what plain OpenSSL encrypted to the key of RFC 7518', async () => {
  for (const open of [nodeOpener(bob), portableOpener(bob), await bobsWebOpener()]) {
    for (const text of Object.values(hello)) {
      expect(new TextDecoder().decode(await open(read(text)))).toBe('hello')
    }
  }
})

test('JWE-INTEROP each implementation opens what each other sealed', async () => {
  const plain = random(2500)
  const portable = portableSuite(random)
  const { d, ...key } = bob
  for (const { sealJwe } of [nodeSuite, webSuite, portable]) {
    for (const enc of jweEncryptions) {
      const text = await sealJwe(plain, { key: { ...key, kid: 'bob' }, enc, apu: 'QWxpY2U', apv: 'Qm9i' })
      for (const open of [nodeOpener(bob), portableOpener(bob), await bobsWebOpener()]) {
        expect(new Uint8Array(await open(read(text)))).toEqual(plain)
      }
    }
  }
})

test('KEY-11 each implementation opens what each other sealed at rest', async () => {
  const key = random(32)
  const suites = [nodeSuite, webSuite, portableSuite(random)].map(({ sealerOf }) => sealerOf(key))
  for (const { seal } of suites) {
    const sealed = await seal(shared, 'place')
    for (const { open } of suites) expect(new Uint8Array(await open(sealed, 'place'))).toEqual(shared)
  }
})

test('KEY-1 each implementation verifies what each other signed', async () => {
  const suites: readonly CryptoSuite[] = [
    nodeSuite,
    webSuite,
    portableSuite(random),
  ] as readonly CryptoSuite[]
  for (const signing of suites) {
    for (const alg of ['ES256', 'ES384', 'ES512', 'EdDSA'] as const) {
      const { publicJwk, privateKey } = await signing.generateKey(alg)
      const signature = await signing.signerOf(privateKey).sign(shared)
      const check = { alg, key: publicJwk, data: shared, signature }
      for (const { checkSignatures } of suites) expect(await checkSignatures([check])).toEqual(['valid'])
    }
  }
})

test.each([
  ['another half', { x: 'gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0' }],
  ['no private half', { d: '' }],
  ['a private half of 31 bytes', { d: bob.d.slice(0, -2) }],
  ['for signatures', { use: 'sig' }],
  ['another curve', { crv: 'P-384' }],
])('KEY-7 a key to open with whose parts do not fit is refused, and not quoted: %s', (_, change) => {
  for (const opener of [nodeOpener, portableOpener]) {
    const strayed: object = { ...bob, ...change }
    expect(() => opener(strayed as typeof bob)).toThrow(/cannot be used/)
    expect(() => opener(strayed as typeof bob)).not.toThrow(bob.d)
  }
})
