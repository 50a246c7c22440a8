import * as testkit from '@facet-id/testkit'
import { expect, test } from 'vitest'
import type { PrivateJwk } from '../key-pair.ts'
import { generateKey, keyPairOf } from './key.ts'
import { signerOf } from './sign.ts'
import { checkSignatures } from './verify.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

test('KEY-1 signs r‖s of 64 bytes that an independent check takes, zeros in front included', () => {
  const { publicJwk, privateJwk } = generateKey()
  const signer = signerOf(privateJwk, 'did:example:1#0')
  expect(signer).toMatchObject({ alg: 'ES256', kid: 'did:example:1#0' })
  let short = 0
  // One signature in 128 has a zero in front of r or of s.
  for (let i = 0; i < 1500; i++) {
    const data = `message ${i}`
    const signature = signer.sign(bytes(data))
    expect(signature.length).toBe(64)
    if (signature[0] === 0 || signature[32] === 0) short++
    else if (i > 100) continue
    expect(testkit.checkSignatures([{ alg: 'ES256', key: publicJwk, data, signature }])).toEqual(['valid'])
  }
  expect(short).toBeGreaterThan(0)
})

test.each(['ES256', 'ES384', 'ES512', 'EdDSA'] as const)(
  'KEY-1 %s: what is signed here holds elsewhere, and what is signed elsewhere holds here',
  (alg) => {
    const { publicJwk, privateJwk } = generateKey(alg)
    const other = testkit.keyPairFor(alg)
    for (let i = 0; i < 300; i++) {
      const data = `message ${i}`
      const here = { alg, key: publicJwk, data, signature: signerOf(privateJwk).sign(bytes(data)) }
      const elsewhere = testkit.signerFor(alg, other.privateJwk).sign(bytes(data))
      const there = { alg, key: other.publicJwk, data, signature: elsewhere }
      expect(testkit.checkSignatures([here])).toEqual(['valid'])
      expect(checkSignatures([here, there, { ...there, data: `${data}!` }])).toEqual([
        'valid',
        'valid',
        'invalid',
      ])
    }
  },
)

test('KEY-7 a generated key of each algorithm can be imported again, and its halves belong together', () => {
  for (const alg of ['ES256', 'ES384', 'ES512', 'EdDSA'] as const) {
    const { privateJwk } = generateKey(alg)
    expect(signerOf(privateJwk).alg).toBe(alg)
    const { d } = generateKey(alg).privateJwk
    expect(testkit.outcomeOf(() => signerOf({ ...privateJwk, d }))).toBe('key_unusable')
    expect(testkit.outcomeOf(() => signerOf({ ...privateJwk, d: `${d}AA` }))).toBe('key_unusable')
  }
})

test('a signer without a key id has no kid', () => {
  expect('kid' in signerOf(generateKey().privateJwk)).toBe(false)
})

test('KEY-5 every number of a generated key has 32 bytes', () => {
  for (let i = 0; i < 500; i++) {
    const { publicJwk, privateJwk } = generateKey()
    expect(
      [publicJwk.x, publicJwk.y, privateJwk.d].map((text) => Buffer.from(text, 'base64url').length),
    ).toEqual([32, 32, 32])
    expect(privateJwk).toEqual({ ...publicJwk, d: privateJwk.d })
  }
})

test('KEY-5 pads coordinates and scalars that begin with zeros', () => {
  let padded = 0
  for (let scalar = 1; scalar < 1000; scalar++) {
    const { publicJwk, privateJwk } = keyPairOf(Uint8Array.of(scalar >> 8, scalar & 255))
    expect([publicJwk.x.length, publicJwk.y.length, privateJwk.d.length]).toEqual([43, 43, 43])
    if (Buffer.from(publicJwk.x, 'base64url')[0] !== 0) continue
    padded++
    const signature = signerOf(privateJwk).sign(bytes('a'))
    expect(testkit.checkSignatures([{ alg: 'ES256', key: publicJwk, data: 'a', signature }])).toEqual([
      'valid',
    ])
  }
  expect(padded).toBeGreaterThan(0)
})

test('generated keys differ', () => {
  expect(new Set(Array.from({ length: 50 }, () => generateKey().privateJwk.d)).size).toBe(50)
})

const { privateJwk } = generateKey()

test.each([
  ['halves of two keys', { d: generateKey().privateJwk.d }],
  ['no private half', { d: undefined }],
  ['a private half that is no text', { d: 7 }],
  ['a private half of 31 bytes', { d: privateJwk.d.slice(0, -2) }],
  ['zero', { d: Buffer.alloc(32).toString('base64url') }],
  ['more than the order', { d: Buffer.alloc(32, 255).toString('base64url') }],
  ['another curve', { crv: 'P-384' }],
  ['another type', { kty: 'OKP' }],
])('KEY-7 refuses a private key that cannot sign: %s', (_, change) => {
  const broken: object = { ...privateJwk, ...change }
  expect(testkit.outcomeOf(() => signerOf(broken as PrivateJwk))).toBe('key_unusable')
})

test('KEY-7 the refusal does not quote the key', () => {
  const d = generateKey().privateJwk.d
  try {
    signerOf({ ...privateJwk, d })
    expect.unreachable()
  } catch (error) {
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(d)
  }
})
