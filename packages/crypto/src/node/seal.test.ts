import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { random } from './random.ts'
import { sealerOf } from './seal.ts'

const key = random(32)
const { seal, open } = sealerOf(key)
const plain = new TextEncoder().encode('what rests')
const place = 'record\0issuer/offer\0one'

test('KEY-10 opens what it sealed, also nothing and much', () => {
  for (const bytes of [plain, new Uint8Array(0), random(1_000_000)]) {
    expect(open(seal(bytes, place), place)).toEqual(bytes)
  }
})

test('KEY-10 refuses a seal with any bit changed', () => {
  const sealed = seal(plain, place)
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const changed = Uint8Array.from(sealed, (byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
    expect(outcomeOf(() => open(changed, place))).toBe(bit < 8 ? 'seal_format_unknown' : 'seal_broken')
  }
})

test('KEY-10 refuses a seal cut to any length, or with a byte behind it', () => {
  const sealed = seal(plain, place)
  for (let length = 0; length < sealed.length; length++) {
    expect(outcomeOf(() => open(sealed.subarray(0, length), place))).toBe('seal_broken')
  }
  expect(outcomeOf(() => open(Buffer.concat([sealed, Uint8Array.of(0)]), place))).toBe('seal_broken')
})

test('KEY-10 refuses a seal that was moved, or that another key made', () => {
  expect(outcomeOf(() => open(seal(plain, place), `${place} `))).toBe('seal_broken')
  expect(outcomeOf(() => open(seal(plain, place), ''))).toBe('seal_broken')
  expect(outcomeOf(() => open(sealerOf(random(32)).seal(plain, place), place))).toBe('seal_broken')
})

test('KEY-11 seals the same text differently each time, and says its format', () => {
  const seals = Array.from({ length: 1000 }, () => seal(plain, place))
  expect(new Set(seals.map((sealed) => Buffer.from(sealed.subarray(1, 13)).toString('hex'))).size).toBe(1000)
  for (const sealed of seals) {
    expect(sealed[0]).toBe(1)
    expect(sealed.length).toBe(plain.length + 29)
  }
})

test('KEY-11 opens what the first release sealed', () => {
  const kept = 'AfL3Mh8-dKZgwyOPQpMbsmTfFQ7rYOuE46XzJe0bnLLu'
  const first = sealerOf(new Uint8Array(32).fill(7))
  expect(new TextDecoder().decode(first.open(Buffer.from(kept, 'base64url'), 'record\0a\0b'))).toBe('kept')
})

test('KEY-10 refuses a key of any other length, and keeps a copy of a good one', () => {
  for (const length of [0, 16, 31, 33]) {
    expect(outcomeOf(() => sealerOf(new Uint8Array(length)))).toBe('key_unusable')
  }
  const mine = random(32)
  const sealer = sealerOf(mine)
  const sealed = sealer.seal(plain, place)
  mine.fill(0)
  expect(sealer.open(sealed, place)).toEqual(plain)
})
