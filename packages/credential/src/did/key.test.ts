import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { keyPairFor, outcomeOf, sharedVectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { writeBase58btc } from '../base58btc.ts'
import type { PublicJwk } from '../jose/jwk.ts'
import { findVerificationMethod, verificationRelationships } from './document.ts'
import { resolveDidKey, writeDidKey } from './key.ts'
import { readMethodKey } from './method-key.ts'
import { jwkOfMultikey, readMultikey, writeMultikey } from './multikey.ts'

const shared = sharedVectors('did-key')
const curves = ['ES256', 'ES384', 'ES512', 'EdDSA'] as const
const x25519 = { kty: 'OKP', crv: 'X25519', x: '3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08' } as const

test.skipIf(shared === undefined)(
  'DKEY-2 the public examples on NIST curves are written as they stand',
  () => {
    const examples: readonly { readonly did: string; readonly publicKeyJwk: PublicJwk }[] = JSON.parse(
      readFileSync(join(shared ?? '', 'nist-curves.json'), 'utf8'),
    )
    expect(examples.length).toBeGreaterThan(0)
    for (const { did, publicKeyJwk } of examples) {
      expect(writeDidKey(publicKeyJwk)).toBe(did)
      const [method] = resolveDidKey(did).verificationMethod
      if (method === undefined) throw new Error('a did:key has a key')
      const whole = (): Uint8Array => {
        const y = publicKeyJwk.kty === 'EC' ? publicKeyJwk.y : ''
        return new Uint8Array(
          Buffer.concat([
            Buffer.of(4),
            Buffer.from(publicKeyJwk.x, 'base64url'),
            Buffer.from(y, 'base64url'),
          ]),
        )
      }
      expect(readMethodKey(method, whole)).toEqual(publicKeyJwk)
    }
  },
)

test.each(curves)('DKEY-5, DKEY-6, DKEY-7 a key for %s has one method, for all but agreement', (alg) => {
  const did = writeDidKey(keyPairFor(alg).publicJwk)
  const value = did.slice('did:key:'.length)
  const document = resolveDidKey(did)
  expect(document.id).toBe(did)
  expect(document.verificationMethod).toEqual([
    { id: `${did}#${value}`, type: 'Multikey', controller: did, publicKeyMultibase: value },
  ])
  const listed = verificationRelationships.filter(
    (name) => findVerificationMethod(document, `${did}#${value}`, name) !== undefined,
  )
  expect(listed).toEqual(verificationRelationships.filter((name) => name !== 'keyAgreement'))
  expect(findVerificationMethod(document, `${did}#0`, 'assertionMethod')).toBeUndefined()
})

test('DKEY-7 a key on X25519 is for agreement only, and verifies nothing', () => {
  const did = writeDidKey(x25519)
  expect(did).toMatch(/^did:key:z6LS/)
  const document = resolveDidKey(did)
  const url = `${did}#${did.slice('did:key:'.length)}`
  const method = findVerificationMethod(document, url, 'keyAgreement')
  expect(method).toBeDefined()
  expect(verificationRelationships.filter((name) => document[name] !== undefined)).toEqual(['keyAgreement'])
  if (method === undefined) return
  expect(outcomeOf(() => readMethodKey(method, () => undefined))).toBe('multikey_unsupported')
})

test('DKEY-1 a version may be said, and is the first', () => {
  const did = writeDidKey(keyPairFor('EdDSA').publicJwk)
  const versioned = did.replace('did:key:', 'did:key:1:')
  expect(resolveDidKey(versioned).id).toBe(versioned)
  expect(outcomeOf(() => resolveDidKey(did.replace('did:key:', 'did:key:2:')))).toBe('did_malformed')
  expect(outcomeOf(() => resolveDidKey('did:web:issuer.example'))).toBe('did_method_unsupported')
})

const of = (...bytes: readonly number[]): string => `did:key:z${writeBase58btc(Uint8Array.of(...bytes))}`
const zeros = (count: number): readonly number[] => Array.from({ length: count }, () => 0)

test.each<[string, string, string]>([
  ['another base', 'did:key:u7QEx', 'did_malformed'],
  ['no base', 'did:key:6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK', 'did_malformed'],
  [
    'a letter that is not in the base',
    'did:key:z6Mk0aXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK',
    'did_malformed',
  ],
  ['nothing', 'did:key:z', 'multikey_unsupported'],
  ['the code as one byte', of(0xed, ...zeros(32)), 'multikey_unsupported'],
  ['the code as a number of two bytes', of(0x12, 0x00, 2, ...zeros(32)), 'multikey_unsupported'],
  ['a varint that is longer than it needs to be', of(0xed, 0x81, 0x00, ...zeros(32)), 'multikey_unsupported'],
  ['a key on secp256k1', of(0xe7, 0x01, 2, ...zeros(32)), 'multikey_unsupported'],
  ['an RSA key', of(0x85, 0x24, ...zeros(60)), 'multikey_unsupported'],
  ['a private key', of(0x80, 0x26, ...zeros(32)), 'multikey_unsupported'],
  ['a short Ed25519 key', of(0xed, 0x01, ...zeros(31)), 'did_malformed'],
  ['a long Ed25519 key', of(0xed, 0x01, ...zeros(33)), 'did_malformed'],
  ['a short P-256 key', of(0x80, 0x24, 2, ...zeros(31)), 'did_malformed'],
  ['a whole point', of(0x80, 0x24, 4, ...zeros(64)), 'did_malformed'],
  ['a P-384 key with the code of P-256', of(0x80, 0x24, 2, ...zeros(48)), 'did_malformed'],
  ['a point with another sign', of(0x80, 0x24, 4, ...zeros(32)), 'did_malformed'],
  ['the point at infinity', of(0x80, 0x24, 0, ...zeros(32)), 'did_malformed'],
  ['eight thousand characters', `did:key:z${'2'.repeat(8000)}`, 'did_malformed'],
])('DKEY-1, DKEY-2, DKEY-3 %s is refused', (_, did, code) => {
  expect(outcomeOf(() => resolveDidKey(did))).toBe(code)
})

test('DKEY-9 keys of codes that are not of did:key 0.9 are not supported', () => {
  // The varints of 0xeb51, a JWK in JCS, and of 0x1205, an RSA key.
  const jwk = [...new TextEncoder().encode('{"crv":"P-256","kty":"EC"}')]
  for (const did of [of(0xd1, 0xd6, 0x03, ...jwk), of(0x85, 0x24, ...zeros(60))])
    expect(outcomeOf(() => resolveDidKey(did))).toBe('multikey_unsupported')
})

test.each(curves)('DKEY-2 a key for %s is read as it was written', (alg) => {
  for (let round = 0; round < 20; round++) {
    const { publicJwk } = keyPairFor(alg)
    const multikey = writeMultikey(publicJwk)
    const { crv, bytes } = readMultikey(multikey)
    const y = publicJwk.kty === 'EC' ? publicJwk.y : ''
    const whole = Buffer.concat([
      Buffer.of(4),
      Buffer.from(publicJwk.x, 'base64url'),
      Buffer.from(y, 'base64url'),
    ])
    expect(jwkOfMultikey({ crv, bytes }, () => new Uint8Array(whole))).toEqual(publicJwk)
    if (publicJwk.kty === 'EC') expect(bytes[0]).toBe(2 + ((whole.at(-1) ?? 0) & 1))
  }
})

test('DKEY-4 a point that is none of the curve is no key', () => {
  const key = readMultikey(writeMultikey(keyPairFor('ES256').publicJwk))
  for (const point of [
    undefined,
    new Uint8Array(65),
    Uint8Array.of(4, ...zeros(63)),
    Uint8Array.of(2, ...zeros(64)),
  ]) {
    expect(outcomeOf(() => jwkOfMultikey(key, () => point))).toBe('multikey_malformed')
  }
})
