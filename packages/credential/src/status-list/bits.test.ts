import { outcomeOf, seededRandom } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import {
  createStatusBits,
  isStatusBits,
  type StatusBits,
  setStatus,
  statusAt,
  statusMeaning,
} from './bits.ts'

/** The two lists that Token Status List §4.1 prints. */
const oneBit = Uint8Array.of(0xb9, 0xa3)
const twoBits = Uint8Array.of(0xc9, 0x44, 0xf9)

function all(bytes: Uint8Array, bits: number): number[] {
  return Array.from({ length: (bytes.length * 8) / bits }, (_, index) => statusAt(bytes, bits, index))
}

test('TSL-4.1-3 reads the list of one bit that is printed in the text', () => {
  expect(all(oneBit, 1)).toEqual([1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1])
})

test('TSL-4.1-3 reads the list of two bits that is printed in the text', () => {
  expect(all(twoBits, 2)).toEqual([1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3])
})

test('TSL-4.1-3 reads entries of four and of eight bits from the least significant bit on', () => {
  expect(all(Uint8Array.of(0xb9, 0xa3), 4)).toEqual([0x9, 0xb, 0x3, 0xa])
  expect(all(Uint8Array.of(0xb9, 0xa3), 8)).toEqual([0xb9, 0xa3])
})

test('TSL-4.1-3 writes the list of one bit that is printed in the text', () => {
  const bytes = createStatusBits(16, 1)
  for (const index of [0, 3, 4, 5, 7, 8, 9, 13, 15]) setStatus(bytes, 1, index, 1)
  expect(bytes).toEqual(oneBit)
})

test('TSL-4.1-3 writes the list of two bits that is printed in the text', () => {
  const bytes = createStatusBits(12, 2)
  for (const [index, status] of [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3].entries()) {
    setStatus(bytes, 2, index, status)
  }
  expect(bytes).toEqual(twoBits)
})

test.each([1, 2, 4, 8] as const)('TSL-4.1-3 an entry of %d bits that is written changes no other', (bits) => {
  const random = seededRandom(`status ${bits}`)
  const bytes = createStatusBits(2048, bits)
  const expected = Array.from({ length: 2048 }, () => 0)
  for (let round = 0; round < 2000; round++) {
    const [high = 0, low = 0, status = 0] = random(3)
    const index = ((high << 8) | low) % 2048
    setStatus(bytes, bits, index, status % 2 ** bits)
    expected[index] = status % 2 ** bits
  }
  expect(all(bytes, bits)).toEqual(expected)
})

test.each([0, 3, 5, 16, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])(
  'TSL-4.1-1 refuses entries of %d bits',
  (bits) => {
    expect(outcomeOf(() => statusAt(oneBit, bits, 0))).toBe('status_unsupported')
    expect(outcomeOf(() => setStatus(oneBit.slice(), bits as 1, 0, 0))).toBe('status_unsupported')
    expect(outcomeOf(() => createStatusBits(8, bits as 1))).toBe('status_unsupported')
    expect(isStatusBits(bits)).toBe(false)
  },
)

test('TSL-4.1-1 takes entries of 1, 2, 4 and 8 bits', () => {
  expect([1, 2, 4, 8].every(isStatusBits)).toBe(true)
  expect([undefined, null, '1', 1n, true].some(isStatusBits)).toBe(false)
})

test.each<[number, StatusBits, number]>([
  [1, 1, 1],
  [8, 1, 1],
  [9, 1, 2],
  [1_000_000, 1, 125_000],
  [1_048_576, 1, 131_072],
  [5, 2, 2],
  [3, 4, 2],
  [3, 8, 3],
  [1_000_001, 4, 500_001],
])('TSL-4.1-2 a list of %d entries of %d bits has %d bytes, and all are valid', (entries, bits, length) => {
  const bytes = createStatusBits(entries, bits)
  expect(bytes).toHaveLength(length)
  expect(bytes.every((byte) => byte === 0)).toBe(true)
  expect(statusAt(bytes, bits, entries - 1)).toBe(0)
})

test.each([0, -1, 1.5, Number.NaN, 2 ** 53, 2 ** 32 + 1])('a list of %d entries is refused', (entries) => {
  expect(outcomeOf(() => createStatusBits(entries, 1))).toBe('status_unsupported')
})

test('a list of wide entries has no more bytes than one of narrow ones', () => {
  expect(outcomeOf(() => createStatusBits(2 ** 29 + 1, 8))).toBe('status_unsupported')
  expect(outcomeOf(() => createStatusBits(2 ** 30 + 1, 4))).toBe('status_unsupported')
})

test.each<[StatusBits, number]>([
  [1, 2],
  [2, 4],
  [4, 16],
  [8, 256],
  [1, -1],
  [8, -1],
  [4, 1.5],
  [8, Number.NaN],
  [8, 2 ** 32],
])('TSL-7.1-2 an entry of %d bits is refused the status %d, and stays as it is', (bits, status) => {
  const bytes = Uint8Array.of(0b1010_0101)
  expect(outcomeOf(() => setStatus(bytes, bits, 0, status))).toBe('status_unsupported')
  expect(bytes).toEqual(Uint8Array.of(0b1010_0101))
})

test.each([-1, 16, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 2 ** 32])(
  'an entry at %d of sixteen is refused',
  (index) => {
    expect(outcomeOf(() => statusAt(oneBit, 1, index))).toBe('status_index_out_of_range')
    expect(outcomeOf(() => setStatus(oneBit.slice(), 1, index, 1))).toBe('status_index_out_of_range')
  },
)

test.each<[number, number]>([
  [2, 8],
  [4, 4],
  [8, 2],
])('of entries of %d bits, two bytes have no more than %d', (bits, entries) => {
  expect(outcomeOf(() => statusAt(oneBit, bits, entries - 1))).toBe('accepted')
  expect(outcomeOf(() => statusAt(oneBit, bits, entries))).toBe('status_index_out_of_range')
})

test('TSL-7.1-1 only 0 is valid; what is not assigned says nothing good', () => {
  const meanings = Array.from({ length: 256 }, (_, status) => statusMeaning(status))
  expect(meanings.slice(0, 4)).toEqual(['valid', 'invalid', 'suspended', 'application_specific'])
  expect(meanings.slice(0x0c, 0x10)).toEqual(Array.from({ length: 4 }, () => 'application_specific'))
  expect(meanings.slice(4, 0x0c)).toEqual(Array.from({ length: 8 }, () => 'unknown'))
  expect(new Set(meanings.slice(0x10))).toEqual(new Set(['unknown']))
})
