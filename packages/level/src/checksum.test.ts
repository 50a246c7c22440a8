import { crc32 as reference } from 'node:zlib'
import { random } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { crc32 } from './checksum.ts'

test('crc32 gives what zlib gives, also over parts', () => {
  expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926)
  for (const length of [0, 1, 2, 3, 4, 5, 6, 7, 8, 1000, 1001, 1002, 1003]) {
    const bytes = random(length)
    expect(crc32(bytes)).toBe(reference(bytes))
    expect(crc32(bytes.subarray(length >> 1), crc32(bytes.subarray(0, length >> 1)))).toBe(reference(bytes))
  }
})
