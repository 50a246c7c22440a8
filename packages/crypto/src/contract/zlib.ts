import { readBase64url, utf8 } from '@facet-id/credential/base64url'
import { joined, outcomeOf, type ScenarioTest, turned } from './scenario.ts'

const plain = utf8('status '.repeat(12))

/** The text in streams of every kind that is one: levels 9 and 0, a small window, both kinds of codes. */
const streams = [
  'eNorLkksKS1WKKYmBQCN6yEx',
  'eAEBVACr_3N0YXR1cyBzdGF0dXMgc3RhdHVzIHN0YXR1cyBzdGF0dXMgc3RhdHVzIHN0YXR1cyBzdGF0dXMgc3RhdHVzIHN0YXR1cyBzdGF0dXMgc3RhdHVzII3rITE',
  'GJUrLkksKS1WKKYmBQCN6yEx',
  'eAEFwQEBAAAAgqArXWuD9j_AOoJ1BOsI1hGsI1hHsI5gHcE6gnUE6wjWkQON6yEx',
  'eAErLkksKS1WKKYmBQCN6yEx',
].map(readBase64url)

const [stream = new Uint8Array(0)] = streams

/** The same text in what is no zlib stream. */
const others = {
  raw: readBase64url('Ky5JLCktViimJgUA'),
  gzip: readBase64url('H4sIAAAAAAAAAysuSSwpLVYopiYFAAreiodUAAAA'),
  dictionary: readBase64url('eLsJOQKlKwaTClSlAI3rITE'),
}

/** zlib streams within bounds. */
export function zlibContract<S, A>(test: ScenarioTest<S, A>): void {
  test('KEY-8 opens a stream of any window, level and code, and what it compressed itself', async ({
    suite,
    expect,
  }) => {
    for (const bytes of streams) expect(await suite.inflate(bytes, 1000)).toEqual(plain)
    for (const bytes of [new Uint8Array(0), plain, suite.random(300_000)]) {
      expect(await suite.inflate(await suite.deflate(bytes), bytes.length + 1)).toEqual(bytes)
    }
    expect((await suite.deflate(new Uint8Array(100_000))).length < 1000).toBe(true)
  })

  test('KEY-8 refuses what is not one whole zlib stream', async ({ suite, expect }) => {
    const wrong = [
      new Uint8Array(0),
      ...Array.from({ length: stream.length }, (_, length) => stream.subarray(0, length)),
      turned(stream, 8 * stream.length - 1),
      turned(stream, 0),
      joined(stream, Uint8Array.of(0)),
      joined(stream, stream),
      joined(stream, new Uint8Array(100_000)),
      others.raw,
      others.gzip,
      others.dictionary,
      plain,
    ]
    for (const bytes of wrong) {
      expect(await outcomeOf(() => suite.inflate(bytes, 1_000_000))).toBe('zlib_malformed')
    }
  })

  test('KEY-9 takes as much as allowed and not a byte more', async ({ suite, expect }) => {
    expect(await outcomeOf(() => suite.inflate(stream, plain.length))).toBe('accepted')
    expect(await outcomeOf(() => suite.inflate(stream, plain.length - 1))).toBe('inflate_too_large')
    const large = suite.random(200_000)
    const compressed = await suite.deflate(large)
    expect(await outcomeOf(() => suite.inflate(compressed, large.length))).toBe('accepted')
    expect(await outcomeOf(() => suite.inflate(compressed, large.length - 1))).toBe('inflate_too_large')
  })

  test('KEY-9 stops a bomb when the limit is passed', async ({ suite, expect }) => {
    const bomb = await suite.deflate(new Uint8Array(30_000_000))
    expect(bomb.length < 100_000).toBe(true)
    expect(await outcomeOf(() => suite.inflate(bomb, 100_000))).toBe('inflate_too_large')
    // One that is damaged behind the limit too: nobody reads so far.
    const damaged = joined(bomb.subarray(0, bomb.length >> 1), new Uint8Array(1000).fill(0xff))
    expect(await outcomeOf(() => suite.inflate(damaged, 100_000))).toBe('inflate_too_large')
  })
}
