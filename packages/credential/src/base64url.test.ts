import { outcomeOf, seededRandom } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { readBase64url, readBase64urlText, utf8, writeBase64url, writeBase64urlText } from './base64url.ts'

const random = seededRandom('base64url')

/** Makes the engine's own encoder invisible, as where there is none. */
function withoutEncoder(bytes: Uint8Array): Uint8Array {
  return Object.defineProperty(bytes, 'toBase64', { value: undefined })
}

test('bytes of every length come back', () => {
  for (let length = 0; length < 200; length++) {
    const bytes = random(length)
    const text = Buffer.from(bytes).toString('base64url')
    expect(writeBase64url(bytes)).toBe(text)
    expect(writeBase64url(withoutEncoder(bytes))).toBe(text)
    expect([...readBase64url(text)]).toEqual([...bytes])
  }
})

test('every byte comes back in every place', () => {
  for (let byte = 0; byte < 256; byte++) {
    for (const bytes of [[byte], [0, byte], [0, 0, byte], [255, byte, 255]]) {
      const text = writeBase64url(withoutEncoder(Uint8Array.from(bytes)))
      expect([...readBase64url(text)]).toEqual(bytes)
    }
  }
})

test('JWT-3.4-1 of all texts of one group, those that are read are those that are written', () => {
  const characters = 'AQgwxZ_-=+/ \n.é€'
  const texts = ['']
  for (let at = 0; at < texts.length; at++) {
    const text = texts[at] ?? ''
    if (text.length < 3) for (const character of characters) texts.push(text + character)
    if (outcomeOf(() => readBase64url(text)) === 'accepted')
      expect(writeBase64url(readBase64url(text))).toBe(text)
    else expect(outcomeOf(() => readBase64url(text))).toBe('base64url_malformed')
  }
})

test.each([
  ['A', 'a length of no bytes'],
  ['AAAAA', 'a length of no bytes'],
  ['QQ==', 'padding'],
  ['QR', 'bits beyond the last byte'],
  ['QUJ', 'bits beyond the last of two bytes'],
  ['ab+/', 'the other alphabet'],
  ['ab cd', 'a blank'],
  ['abc\n', 'a line break'],
  ['abcé', 'a character beyond ASCII'],
  ['abc\u0141', 'a character whose low byte is in the alphabet'],
  ['\ud83d\ude00AA', 'characters of two units'],
])('JWT-3.4-1 refuses %j: %s', (text) => {
  expect(outcomeOf(() => readBase64url(text))).toBe('base64url_malformed')
})

test('reads millions of characters', () => {
  expect(readBase64url('_'.repeat(4_000_000))).toHaveLength(3_000_000)
  expect(writeBase64url(withoutEncoder(new Uint8Array(300_000)))).toBe('A'.repeat(400_000))
})

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
