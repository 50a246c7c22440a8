import { createHmac } from 'node:crypto'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { deriveKey } from './derive.ts'
import { random } from './random.ts'

const hmac = (key: Uint8Array, ...parts: (Uint8Array | string)[]): Uint8Array =>
  parts.reduce((mac, part) => mac.update(part), createHmac('sha256', key)).digest()

test('KEY-12 derives as RFC 5869 §2.2 and §2.3 say, the same in every release', () => {
  const master = new Uint8Array(32).fill(7)
  const extracted = hmac(new Uint8Array(32), master)
  const expanded = hmac(extracted, 'facet/issuer/store', Uint8Array.of(1))
  expect(deriveKey(master, 'issuer/store')).toEqual(new Uint8Array(expanded))
})

test('KEY-12 gives each purpose and each master a key of its own', () => {
  const masters = [random(32), random(32)]
  const keys = masters.flatMap((master) => ['store', 'mac', ''].map((purpose) => deriveKey(master, purpose)))
  expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(6)
  for (const key of keys) expect(key.length).toBe(32)
})

test('KEY-12 refuses a master that is too short', () => {
  expect(outcomeOf(() => deriveKey(new Uint8Array(31), 'store'))).toBe('key_unusable')
})
