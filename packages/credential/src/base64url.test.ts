import { outcomeOf, seededRandom } from '@facet-id/testkit'
import { afterEach, describe, expect, test } from 'vitest'
import {
  createTextWriter,
  readBase64url,
  readBase64urlText,
  utf8,
  writeBase64url,
  writeBase64urlText,
} from './base64url.ts'

const random = seededRandom('base64url')

/** Texts that are read by the engine where it can, and those that never are. */
const prefixes = ['', 'A'.repeat(128)]

const byEngine = {
  fromBase64: Object.getOwnPropertyDescriptor(Uint8Array, 'fromBase64'),
  toBase64: Object.getOwnPropertyDescriptor(Uint8Array.prototype, 'toBase64'),
}

/** Makes this engine one that has no base64 of its own. */
function withoutBase64(): void {
  Object.defineProperty(Uint8Array, 'fromBase64', { value: undefined, configurable: true })
  Object.defineProperty(Uint8Array.prototype, 'toBase64', { value: undefined, configurable: true })
}

afterEach(() => {
  Reflect.deleteProperty(Uint8Array, 'fromBase64')
  Reflect.deleteProperty(Uint8Array.prototype, 'toBase64')
  if (byEngine.fromBase64 !== undefined) Object.defineProperty(Uint8Array, 'fromBase64', byEngine.fromBase64)
  if (byEngine.toBase64 !== undefined)
    Object.defineProperty(Uint8Array.prototype, 'toBase64', byEngine.toBase64)
})

describe.each([
  ['on this engine', () => {}],
  ['on an engine without base64', withoutBase64],
])('%s', (_, prepare) => {
  test('bytes of every length come back', () => {
    prepare()
    for (let length = 0; length < 400; length++) {
      const bytes = random(length)
      const text = writeBase64url(bytes)
      expect(text).toBe(Buffer.from(bytes).toString('base64url'))
      expect([...readBase64url(text)]).toEqual([...bytes])
    }
  })

  test('every byte comes back in every place', () => {
    prepare()
    for (let byte = 0; byte < 256; byte++) {
      for (const bytes of [[byte], [0, byte], [0, 0, byte], [255, byte, 255]]) {
        expect([...readBase64url(writeBase64url(Uint8Array.from(bytes)))]).toEqual(bytes)
      }
    }
  })

  test('JWT-3.4-1 of all texts of one group, those that are read are those that are written', () => {
    prepare()
    const characters = 'AQgwxZ_-=+/ \n.é€'
    const groups = ['']
    for (let at = 0; at < groups.length; at++) {
      const group = groups[at] ?? ''
      if (group.length < 3) for (const character of characters) groups.push(group + character)
      for (const prefix of prefixes) {
        const text = prefix + group
        const outcome = outcomeOf(() => readBase64url(text))
        expect(outcome).toBe(isCanonical(text) ? 'accepted' : 'base64url_malformed')
        if (outcome === 'accepted') expect(writeBase64url(readBase64url(text))).toBe(text)
      }
    }
  })

  test.each([
    ['A', 'a length of no bytes'],
    ['AAAAA', 'a length of no bytes'],
    ['QQ==', 'padding'],
    ['QUI=', 'padding'],
    ['QR', 'bits beyond the last byte'],
    ['QUJ', 'bits beyond the last of two bytes'],
    ['ab+/', 'the other alphabet'],
    ['ab cd', 'a blank'],
    ['a\tbcd\f\n ', 'other blanks'],
    ['abc\n', 'a line break'],
    ['abcé', 'a character beyond ASCII'],
    ['abc\u0141', 'a character whose low byte is in the alphabet'],
    ['\ud83d\ude00AA', 'characters of two units'],
  ])('JWT-3.4-1 refuses %j: %s', (text) => {
    prepare()
    for (const prefix of prefixes) {
      expect(outcomeOf(() => readBase64url(prefix + text))).toBe('base64url_malformed')
    }
  })

  test('JWT-3.4-1 refuses a character outside the alphabet wherever it stands', () => {
    prepare()
    for (const length of [2, 3, 4, 126, 127, 128, 130, 131, 132]) {
      for (let at = 0; at < length; at++) {
        for (const character of ['=', '+', ' ', '\n', 'é', 'Ł']) {
          const text = 'A'.repeat(at) + character + 'A'.repeat(length - at - 1)
          expect(outcomeOf(() => readBase64url(text))).toBe('base64url_malformed')
        }
      }
    }
  })

  test('reads and writes millions of characters', () => {
    prepare()
    expect(readBase64url('_'.repeat(4_000_000))).toHaveLength(3_000_000)
    expect(writeBase64url(new Uint8Array(300_000))).toBe('A'.repeat(400_000))
  })
})

/** A second opinion: what Node reads, and writes back the same. */
function isCanonical(text: string): boolean {
  return Buffer.from(text, 'base64url').toString('base64url') === text
}

test('JWT-3.7-1 text of all planes comes back, with its byte order mark', () => {
  for (const text of ['', 'a', 'Zoë', '€', '\u{1F600}', '\ufeff{}', '\u0000']) {
    expect(readBase64urlText(writeBase64urlText(text))).toBe(text)
    expect([...utf8(text)]).toEqual([...Buffer.from(text)])
  }
})

test.each([
  ['ff', 'a byte of no character'],
  ['c1a1', 'an overlong form'],
  ['eda080', 'half a surrogate pair'],
  ['f4908080', 'a character beyond the last plane'],
  ['e282', 'a character cut short'],
])('JWT-3.7-1 refuses the bytes %s: %s', (hex) => {
  expect(outcomeOf(() => readBase64urlText(Buffer.from(hex, 'hex').toString('base64url')))).toBe(
    'utf8_malformed',
  )
})

test('a writer of many texts writes each as if it were the only one', () => {
  const write = createTextWriter()
  const texts = [
    'long at first'.repeat(9),
    '',
    'a',
    '\u20ac'.repeat(1024),
    '\u20ac'.repeat(1025),
    '\ud800',
    '\u{1f600}b',
  ]
  for (const text of [...texts, ...texts]) expect(write(text)).toBe(writeBase64urlText(text))
})
