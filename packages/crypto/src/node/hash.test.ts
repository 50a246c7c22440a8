import * as testkit from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { hash, macOf, sameText } from './hash.ts'
import { random } from './random.ts'

test('hashes the example of RFC 9901 §4.2.3', () => {
  const disclosure = 'WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0'
  expect(hash('sha-256', disclosure)).toBe('X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0')
})

test('agrees with a second implementation for each algorithm', () => {
  for (const alg of ['sha-256', 'sha-384', 'sha-512'] as const) {
    for (const text of ['', 'abc', 'x'.repeat(1000)]) expect(hash(alg, text)).toBe(testkit.hash(alg, text))
  }
})

test('the bytes of a text have the digest of the text', () => {
  const text = 'caf\u00e9'
  for (const alg of ['sha-256', 'sha-384', 'sha-512'] as const) {
    expect(hash(alg, new TextEncoder().encode(text))).toBe(hash(alg, text))
  }
})

test('characters beyond ASCII do not share a digest with ASCII', () => {
  expect(hash('sha-256', '\u0141')).not.toBe(hash('sha-256', 'A'))
})

test('KEY-15 makes the HMAC of RFC 4231 §4.7', () => {
  const mac = macOf(new Uint8Array(131).fill(0xaa))
  expect(
    Buffer.from(mac('Test Using Larger Than Block-Size Key - Hash Key First'), 'base64url').toString('hex'),
  ).toBe('60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54')
})

test('KEY-15 refuses a short key, and keeps a copy of a good one', () => {
  expect(testkit.outcomeOf(() => macOf(new Uint8Array(31)))).toBe('key_unusable')
  const key = random(32)
  const mac = macOf(key)
  const before = mac('text')
  key.fill(0)
  expect(mac('text')).toBe(before)
})

test('KEY-16 compares texts by all of their characters', () => {
  expect(sameText('', '')).toBe(true)
  expect(sameText('4711', '4711')).toBe(true)
  for (const other of ['', '471', '4712', '47110', '\u0134711']) expect(sameText('4711', other)).toBe(false)
})

test('random bytes come in any number and do not repeat', () => {
  for (const bytes of [0, 1, 16, 100_000]) expect(random(bytes).length).toBe(bytes)
  expect(new Set(Array.from({ length: 1000 }, () => Buffer.from(random(16)).toString('hex'))).size).toBe(1000)
  // A view into a pool would hand out other people's randomness.
  expect(random(16).buffer.byteLength).toBe(16)
})
