import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { compareKeys, readKey, readNamespace } from './keys.ts'

test('compareKeys orders as the UTF-8 bytes do, around the surrogates too', () => {
  const texts = [
    '',
    '\0',
    'a',
    'a\0',
    'aa',
    'é',
    '\ud7ff',
    '\ue000',
    '\uffff',
    '\u{10000}',
    '🂡',
    '\u{10ffff}',
    '🂡a',
    'a🂡',
  ]
  for (const a of texts) {
    for (const b of texts) {
      expect(Math.sign(compareKeys(a, b))).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)))
    }
  }
})

const namespaces: readonly (readonly [string, string])[] = [
  ['issuer', 'accepted'],
  ['issuer/offer', 'accepted'],
  ['issuer/status-list/2_a.b', 'accepted'],
  ['n'.repeat(128), 'accepted'],
  ['n'.repeat(129), 'key_malformed'],
  ['', 'key_malformed'],
  ['/issuer', 'key_malformed'],
  ['issuer/', 'key_malformed'],
  ['issuer//offer', 'key_malformed'],
  ['Issuer', 'key_malformed'],
  ['issuer\0', 'key_malformed'],
  ['issuer\n', 'key_malformed'],
]
for (const [text, outcome] of namespaces) {
  test(`STO-26 the namespace ${JSON.stringify(text).slice(0, 30)} is ${outcome}`, () => {
    expect(outcomeOf(() => readNamespace(text))).toBe(outcome)
  })
}

test('STO-26 a key with a lone surrogate is refused, because it has no UTF-8 form', () => {
  for (const key of ['\ud800', 'a\udc00', '\udc00\ud800', 'a\ud83c']) {
    expect(outcomeOf(() => readKey(key))).toBe('key_malformed')
  }
  expect(readKey('🂡')).toBe('🂡')
})
