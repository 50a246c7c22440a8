import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { writeBase64urlText } from '../base64url.ts'
import { readJws } from './jws.ts'
import { maxCertificates, readX5c, writeX5c } from './x5c.ts'

const rules = { typ: 'dc+sd-jwt', algs: ['ES256'], maxBytes: 4096, x5c: 'allowed' } as const
const token = (header: object) =>
  [JSON.stringify({ alg: 'ES256', typ: 'dc+sd-jwt', ...header }), '{}', '\0'.repeat(64)]
    .map(writeBase64urlText)
    .join('.')

test('SVC-2.5-2 reads certificates where they are allowed, and not where nothing is said', () => {
  const { header } = readJws(token({ x5c: ['MIIB', 'AA==', '/+8='] }), rules)
  expect(header.x5c?.map((bytes) => [...bytes])).toEqual([[0x30, 0x82, 0x01], [0], [0xff, 0xef]])
  expect(readJws(token({}), rules).header).toEqual({ alg: 'ES256', typ: 'dc+sd-jwt' })
  const { x5c: _, ...silent } = rules
  for (const strict of [silent, { ...rules, x5c: 'forbidden' } as const]) {
    expect(outcomeOf(() => readJws(token({ x5c: ['MIIB'] }), strict))).toBe('jws_header_forbidden')
  }
})

test.each<[string, unknown]>([
  ['no list', 'MIIB'],
  ['an empty list', []],
  ['null', null],
  ['a number', [1]],
  ['an empty text', ['']],
  ['base64url', ['-_8=']],
  ['no padding', ['AA']],
  ['half of the padding', ['AA=']],
  ['too much padding', ['AAAA====']],
  ['stray bits', ['AB==']],
  ['a blank', ['AA AA===']],
  ['a line break', ['AAAA\n']],
  ['PEM', ['-----BEGIN CERTIFICATE-----']],
  ['too many', Array.from({ length: maxCertificates + 1 }, () => 'MIIB')],
])('SVC-2.5-2 refuses certificates that are %s', (_, x5c) => {
  expect(outcomeOf(() => readJws(token({ x5c }), rules))).toBe('jws_malformed')
})

test('SVC-2.5-2 writes what it reads, bytes of any number', () => {
  const chain = Array.from({ length: maxCertificates }, (_, length) => new Uint8Array(length + 1).fill(0xfb))
  expect(readX5c(writeX5c(chain))).toEqual(chain)
})
