import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { deflate, inflate, inflateSync } from './zlib.ts'

const plain = new TextEncoder().encode('status '.repeat(1000))
const stream = deflateSync(plain)

test('KEY-8 opens what it compressed, at the highest level', async () => {
  const compressed = await deflate(plain)
  // RFC 1950 §2.2: FLEVEL 3, "compressor used maximum compression".
  expect([...compressed.subarray(0, 2)]).toEqual([0x78, 0xda])
  expect(await inflate(compressed, plain.length)).toEqual(plain)
  expect(await inflate(await deflate(new Uint8Array(0)), 1)).toEqual(new Uint8Array(0))
})

test('KEY-8 opens a stream of any window and any level', async () => {
  for (const windowBits of [9, 10, 11, 12, 13, 14, 15]) {
    for (const level of [0, 1, 5, 6, 9]) {
      expect(await inflate(deflateSync(plain, { windowBits, level }), plain.length)).toEqual(plain)
    }
  }
})

const damaged = Uint8Array.from(stream, (byte, at) => (at === stream.length - 1 ? byte ^ 1 : byte))

test.each([
  ['no bytes', new Uint8Array(0)],
  ['one byte', stream.subarray(0, 1)],
  ['the header alone', stream.subarray(0, 2)],
  ['cut in the middle', stream.subarray(0, stream.length >> 1)],
  ['cut in the checksum', stream.subarray(0, -1)],
  ['without its checksum', stream.subarray(0, -4)],
  ['a wrong checksum', damaged],
  ['a byte behind its end', Buffer.concat([stream, Uint8Array.of(0)])],
  ['a second stream behind its end', Buffer.concat([stream, stream])],
  ['100 kB behind its end', Buffer.concat([stream, new Uint8Array(100_000)])],
  ['raw deflate', deflateRawSync(plain)],
  ['gzip', gzipSync(plain)],
  ['a preset dictionary', deflateSync(plain, { dictionary: Buffer.from('status') })],
  ['text', Buffer.from('status status status')],
])('KEY-8 refuses what is not one whole zlib stream: %s', async (_, bytes) => {
  expect(await outcomeOf(() => inflate(bytes, 1_000_000))).toBe('zlib_malformed')
})

test('KEY-9 takes as much as allowed and not a byte more', async () => {
  expect(await outcomeOf(() => inflate(stream, plain.length))).toBe('accepted')
  expect(await outcomeOf(() => inflate(stream, plain.length - 1))).toBe('inflate_too_large')
})

test('KEY-9 stops a bomb when the limit is passed: memory stays bounded', async () => {
  const bomb = deflateSync(Buffer.alloc(400_000_000))
  expect(bomb.length).toBeLessThan(500_000)
  const before = process.memoryUsage()
  const outcomes = await Promise.all(
    Array.from({ length: 8 }, () => outcomeOf(() => inflate(bomb, 1_000_000))),
  )
  const after = process.memoryUsage()
  expect(new Set(outcomes)).toEqual(new Set(['inflate_too_large']))
  const grown = after.arrayBuffers - before.arrayBuffers
  expect(grown).toBeLessThan(40_000_000)
  expect(after.rss - before.rss).toBeLessThan(100_000_000)
})

test('KEY-8, KEY-9 opens at once by the same rules', () => {
  expect(inflateSync(stream, plain.length)).toEqual(plain)
  expect(outcomeOf(() => inflateSync(stream, plain.length - 1))).toBe('inflate_too_large')
  for (const bytes of [damaged, stream.subarray(0, -1), Buffer.concat([stream, stream]), gzipSync(plain)]) {
    expect(outcomeOf(() => inflateSync(bytes, 1_000_000))).toBe('zlib_malformed')
  }
})
