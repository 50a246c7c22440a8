import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PublicJwk, SignatureCheck, Verdict } from '@facet-id/credential/jose'
import * as testkit from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { checkSignatures } from './verify.ts'

const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const { publicJwk, privateJwk } = testkit.keyPair()
const data = 'header.payload'
const signature = testkit.signerOf(privateJwk).sign(Buffer.from(data))

function verdictOf(change: Partial<SignatureCheck>): Verdict | undefined {
  return checkSignatures([{ alg: 'ES256', key: publicJwk, data, signature, ...change }])[0]
}

function numberOf(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
}

function bytesOf(number: bigint): Uint8Array {
  return Buffer.from(number.toString(16).padStart(64, '0'), 'hex')
}

const r = numberOf(signature.subarray(0, 32))
const s = numberOf(signature.subarray(32))

function pair(r: bigint, s: bigint): Uint8Array {
  return Buffer.concat([bytesOf(r), bytesOf(s)])
}

/** A key is what a stranger says it is: some changes here fit no type. */
function changed(change: object): PublicJwk {
  return { ...publicJwk, ...change }
}

test('KEY-1, KEY-6 says valid and invalid, one verdict a check, in order', () => {
  const good: SignatureCheck = { alg: 'ES256', key: publicJwk, data, signature }
  const other = testkit.keyPair().publicJwk
  const checks = [good, { ...good, data: 'header.other' }, { ...good, key: other }, good]
  expect(checkSignatures(checks)).toEqual(['valid', 'invalid', 'invalid', 'valid'])
  expect(checkSignatures([])).toEqual([])
})

test.each([
  ['no bytes', new Uint8Array(0)],
  ['a byte too few', signature.subarray(1)],
  ['a byte too many', Buffer.concat([signature, Uint8Array.of(0)])],
  ['zeros in front', Buffer.concat([new Uint8Array(2), signature])],
  ['DER', Buffer.from('3006020101020101', 'hex')],
  ['a megabyte', new Uint8Array(2 ** 20)],
])('KEY-1 a signature of another length is invalid: %s', (_, signature) => {
  expect(verdictOf({ signature })).toBe('invalid')
})

test('KEY-1 DER of 64 bytes is no r‖s', () => {
  // 30 3e, 02 1d of 29 bytes, 02 1d of 29 bytes: as long as r‖s.
  const integer = Buffer.concat([Buffer.from('021d', 'hex'), Buffer.alloc(29, 1)])
  const der = Buffer.concat([Buffer.from('303e', 'hex'), integer, integer])
  expect(der.length).toBe(64)
  expect(verdictOf({ signature: der })).toBe('invalid')
})

test.each([
  ['r = 0', pair(0n, s)],
  ['s = 0', pair(r, 0n)],
  ['r = s = 0', pair(0n, 0n)],
  ['r = n', pair(ORDER, s)],
  ['s = n', pair(r, ORDER)],
  ['r and s all ones', pair(2n ** 256n - 1n, 2n ** 256n - 1n)],
  ['r = s = 1', pair(1n, 1n)],
])('KEY-2 a degenerate signature is invalid: %s', (_, signature) => {
  expect(verdictOf({ signature })).toBe('invalid')
})

test('KEY-3 low and high s are equally valid', () => {
  expect(verdictOf({ signature: pair(r, s) })).toBe('valid')
  expect(verdictOf({ signature: pair(r, ORDER - s) })).toBe('valid')
})

const FIELD = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn
const encode = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')
const y = numberOf(Buffer.from(publicJwk.y, 'base64url'))

test.each([
  ['off the curve', { y: encode(bytesOf(y === 1n ? 2n : y - 1n)) }],
  ['the point at infinity', { x: encode(new Uint8Array(32)), y: encode(new Uint8Array(32)) }],
  ['a coordinate of the size of the field', { x: encode(bytesOf(FIELD)) }],
  ['a coordinate above the field', { x: encode(bytesOf(2n ** 256n - 1n)) }],
  ['a coordinate of 31 bytes', { x: publicJwk.x.slice(0, -2) }],
  ['a coordinate of 33 bytes', { x: encode(Buffer.concat([Uint8Array.of(0), bytesOf(1n)])) }],
  ['no coordinate', { y: '' }],
  ['padding', { x: `${publicJwk.x}=` }],
  ['another curve', { crv: 'P-384' }],
  ['another type', { kty: 'OKP' }],
  ['another algorithm', { alg: 'ES384' }],
  ['a key for encryption', { use: 'enc' }],
])('KEY-4 a key that is none for ES256 is unusable: %s', (_, change) => {
  expect(verdictOf({ key: changed(change) })).toBe('key_unusable')
  // An unusable key is not kept as a usable one, nor does it spoil the right one.
  expect(verdictOf({ key: changed(change) })).toBe('key_unusable')
  expect(verdictOf({})).toBe('valid')
})

test('KEY-4 a point on the curve, reached by its mirrored y, is another key', () => {
  expect(verdictOf({ key: changed({ y: encode(bytesOf(FIELD - y)) }) })).toBe('invalid')
})

test('KEY-4 an algorithm that is not taken finds no key that fits it', () => {
  const check: object = { alg: 'none', key: publicJwk, data, signature }
  expect(checkSignatures([check as SignatureCheck])).toEqual(['key_unusable'])
})

test('what was signed may be bytes', () => {
  const bytes = Uint8Array.of(0xff, 0, 0x80)
  const signature = testkit.signerOf(privateJwk).sign(bytes)
  expect(verdictOf({ data: bytes, signature })).toBe('valid')
  expect(verdictOf({ data: Uint8Array.of(0xff, 0, 0x81), signature })).toBe('invalid')
})

test('characters beyond ASCII do not pass for the ASCII that was signed', () => {
  const folded = String.fromCharCode(...Array.from(data, (char) => char.charCodeAt(0) + 0x100))
  expect(verdictOf({ data: folded })).toBe('invalid')
})

interface Wycheproof {
  readonly testGroups: readonly {
    readonly publicKey: { readonly uncompressed: string }
    readonly tests: readonly {
      readonly tcId: number
      readonly comment: string
      readonly msg: string
      readonly sig: string
      readonly result: 'valid' | 'invalid'
    }[]
  }[]
}

const wycheproof = testkit.sharedVectors('wycheproof')

test.skipIf(wycheproof === undefined)(
  'KEY-1, KEY-2, KEY-3 agrees with every Wycheproof vector for ES256 in P1363 form',
  () => {
    const file = join(wycheproof ?? '', 'ecdsa_secp256r1_sha256_p1363_test.json')
    const { testGroups }: Wycheproof = JSON.parse(readFileSync(file, 'utf8'))
    const wrong: string[] = []
    let count = 0
    for (const { publicKey, tests } of testGroups) {
      const point = Buffer.from(publicKey.uncompressed, 'hex')
      const key = changed({ x: encode(point.subarray(1, 33)), y: encode(point.subarray(33)) })
      for (const { tcId, comment, msg, sig, result } of tests) {
        count++
        const data = Buffer.from(msg, 'hex').toString('ascii')
        const verdict = verdictOf({ key, data, signature: Buffer.from(sig, 'hex') })
        if (verdict !== result) wrong.push(`${tcId} ${comment}: ${verdict}`)
      }
    }
    expect(wrong).toEqual([])
    expect(count).toBe(262)
  },
)

test.skipIf(wycheproof === undefined)('KEY-4 refuses the unfit EC keys among the Wycheproof JWKs', () => {
  const file = join(wycheproof ?? '', 'json_web_key_test.json')
  const { testGroups }: { testGroups: { comment: string; public?: { keys: PublicJwk[] } }[] } = JSON.parse(
    readFileSync(file, 'utf8'),
  )
  const unfit = [
    'wrong_algorithm',
    'invalid_algorithm',
    'invalid_use',
    'invalid_point',
    'wrong_curve',
    'wrong_kty',
  ]
  const verdicts = testGroups
    .filter(({ comment }) => unfit.includes(comment))
    .flatMap((group) => group.public?.keys ?? [])
    .map((key) => verdictOf({ key }))
  expect(verdicts).toEqual(unfit.map(() => 'key_unusable'))
})
