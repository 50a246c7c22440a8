import { outcomeOf, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { dataUriLength, pictureArea, readDataUri } from './data-uri.ts'

for (const { requirement, comment, input, expect: outcome } of vectors(
  new URL('../../../vectors/data-uri/', import.meta.url),
)) {
  test(`${requirement} ${comment}`, () => {
    expect(outcomeOf(() => readDataUri((input as { claim: string }).claim))).toBe(outcome)
  })
}

const uriOf = (kind: string, bytes: readonly number[]) =>
  `data:image/${kind};base64,${Buffer.from(bytes).toString('base64')}`
const ascii = (text: string) => [...Buffer.from(text, 'latin1')]

test.each<readonly [kind: string, bytes: readonly number[]]>([
  ['png', [...ascii('\x89PNG\r\n\x1a\n'), 0, 0, 0, 13, ...ascii('IHDR'), 0, 0, 3, 32, 0, 0, 2, 88]],
  ['gif', [...ascii('GIF89a'), 32, 3, 88, 2]],
  [
    'jpeg',
    [0xff, 0xd8, 0xff, 0xe0, 0, 4, 1, 1, 0xff, 0xc4, 0, 2, 0xff, 0xc2, 0, 17, 8, 2, 88, 3, 32, 3, 0, 0],
  ],
  ['webp', [...ascii('RIFF....WEBPVP8 ....'), 0, 0, 0, 0x9d, 1, 0x2a, 32, 3, 88, 2]],
  ['webp', [...ascii('RIFF....WEBPVP8L....'), 0x2f, 0x1f, 0xc3, 0x95, 0]],
  ['webp', [...ascii('RIFF....WEBPVP8X....'), 0, 0, 0, 0, 0x1f, 3, 0, 0x57, 2, 0]],
])('SVC-7.9-1 says how large a picture is, by its first bytes: %s', (kind, bytes) => {
  const read = readDataUri(uriOf(kind, bytes))
  expect(read).toMatchObject({ mediaType: `image/${kind}`, width: 800, height: 600 })
  expect([...read.bytes]).toEqual(bytes)
  // One that ends before it says so is none.
  for (let length = 1; length < bytes.length - 3; length++)
    expect(outcomeOf(() => readDataUri(uriOf(kind, bytes.slice(0, length))))).toBe('data_uri_refused')
})

test('SVC-7.9-1 takes what is as large as it may be, and no more', () => {
  const gif = (width: number, height: number, rest = 0) =>
    uriOf('gif', [
      ...ascii('GIF89a'),
      width & 255,
      width >> 8,
      height & 255,
      height >> 8,
      ...new Array<number>(rest).fill(0),
    ])
  expect(2000 * 2000).toBe(pictureArea)
  expect(outcomeOf(() => readDataUri(gif(2000, 2000)))).toBe('accepted')
  expect(outcomeOf(() => readDataUri(gif(2001, 2000)))).toBe('data_uri_refused')
  expect(outcomeOf(() => readDataUri(gif(0, 2000)))).toBe('data_uri_refused')
  expect(outcomeOf(() => readDataUri(gif(1, 1, 190_000)))).toBe('accepted')
  expect(outcomeOf(() => readDataUri(gif(1, 1, dataUriLength)))).toBe('data_uri_refused')
})

test('SVC-7.9-1 a refusal quotes nothing of the claim', () => {
  try {
    readDataUri('data:text/html;base64,U3BlY2ltZW4=')
    expect.unreachable()
  } catch (error) {
    expect(String(error)).toMatch(/^CredentialError: A picture in a claim is not used: /)
    expect(String(error)).not.toContain('U3Bl')
  }
})
