import { outcomeOf, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { writeBase64urlText } from '../base64url.ts'
import { type JweRules, jweEncryptions, readJwe, writeJwe, writeJweHeader } from './jwe.ts'

const rules: JweRules = { encs: jweEncryptions, maxBytes: 8192 }

for (const { requirement, comment, input, expect: expected } of vectors(
  new URL('../../vectors/jwe/', import.meta.url),
)) {
  test(`${requirement} ${comment}`, () => {
    expect(outcomeOf(() => readJwe(String(input), rules))).toBe(expected)
  })
}

const epk = {
  kty: 'EC',
  crv: 'P-256',
  x: 'gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0',
  y: 'SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps',
} as const
const header = { alg: 'ECDH-ES', enc: 'A256GCM', epk, kid: 'one', apu: 'QWxpY2U', apv: 'Qm9i' } as const
const parts = {
  iv: new Uint8Array(12).fill(1),
  ciphertext: Uint8Array.of(1, 2, 3),
  tag: new Uint8Array(16).fill(2),
}

test('JWE-5.2-1 what was written is read, with the header as it was authenticated', () => {
  const protectedText = writeJweHeader(header)
  const text = writeJwe({ protectedText, ...parts })
  const jwe = readJwe(text, rules)
  expect(jwe).toEqual({ header, protectedText, ...parts })
  expect(writeJwe(jwe)).toBe(text)
})

test('JWE-4.1.2-1 the reader narrows what is taken', () => {
  const text = writeJwe({ protectedText: writeJweHeader(header), ...parts })
  expect(outcomeOf(() => readJwe(text, { ...rules, encs: ['A128GCM'] }))).toBe('jwe_enc_not_allowed')
  expect(outcomeOf(() => readJwe(text, { ...rules, encs: [] }))).toBe('jwe_enc_not_allowed')
})

test('JWE-EPK keeps of the sender’s key its numbers alone, on both ways', () => {
  const named = { ...epk, kid: 'x', use: 'enc' } as const
  expect(writeJweHeader({ ...header, epk: named })).toBe(writeJweHeader(header))
  const protectedText = writeBase64urlText(JSON.stringify({ ...header, epk: named }))
  expect(readJwe(writeJwe({ protectedText, ...parts }), rules).header.epk).toEqual(epk)
})

test('JWE-5.2-1 a text of dots is no work', () => {
  const dots = '.'.repeat(5_000_000)
  expect(outcomeOf(() => readJwe(dots, rules))).toBe('jwe_too_large')
  expect(outcomeOf(() => readJwe(dots, { ...rules, maxBytes: dots.length }))).toBe('jwe_malformed')
})
