import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { absoluteDidUrl, maxDidLength, readDid, readDidUrl } from './syntax.ts'

test.each<[string, string, string]>([
  ['did:jwk:eyJ9', 'jwk', 'eyJ9'],
  ['did:web:issuer.example%3A8443:a:b', 'web', 'issuer.example%3A8443:a:b'],
  ['did:a1::x', 'a1', ':x'],
  ['did:example:a.b-c_d', 'example', 'a.b-c_d'],
])('DID-SYN-1 reads %s', (did, method, id) => {
  expect(readDid(did)).toEqual({ did, method, id })
  expect(readDidUrl(did)).toEqual({ did })
})

test.each([
  '',
  'did',
  'did:',
  'did:jwk',
  'did:jwk:',
  'did::abc',
  'did:jwk:abc:',
  'did:jwk:abc::',
  'DID:jwk:abc',
  'did:JWK:abc',
  'did:j-wk:abc',
  'did:jwk:a b',
  'did:jwk:ä',
  'did:jwk:abc=',
  'did:jwk:a%2',
  'did:jwk:a%GG',
  'did:jwk:%',
  'did:jwk:abc\n',
  ' did:jwk:abc',
  'did:jwk:abc#0',
  'did:jwk:abc/x',
  'did:jwk:abc?x',
])('DID-SYN-1 refuses %j as a DID', (text) => {
  expect(outcomeOf(() => readDid(text))).toBe('did_malformed')
})

test('DID-SYN-1 a DID in other case is another DID', () => {
  expect(readDid('did:jwk:aB')).not.toEqual(readDid('did:jwk:ab'))
})

test('DID-SYN-1 refuses a DID of hostile length, whatever it is made of', () => {
  for (const character of ['a', ':', '%', '%41', '#', '\ud83d']) {
    expect(outcomeOf(() => readDid(`did:jwk:${character.repeat(1_000_000)}`))).toBe('did_malformed')
    expect(outcomeOf(() => readDidUrl(`did:jwk:a#${character.repeat(1_000_000)}`))).toBe('did_malformed')
  }
  expect(readDid(`did:jwk:${'a'.repeat(maxDidLength - 8)}`).did).toHaveLength(maxDidLength)
  expect(outcomeOf(() => readDid(`did:jwk:${'a'.repeat(maxDidLength - 7)}`))).toBe('did_malformed')
})

test.each<[string, object]>([
  ['', {}],
  ['#0', { fragment: '0' }],
  ['#', { fragment: '' }],
  ['/a/b', { path: '/a/b' }],
  ['?service=files', { query: 'service=files' }],
  ['?', { query: '' }],
  ['/p%20q?a=1&b=/?#x/?', { path: '/p%20q', query: 'a=1&b=/?', fragment: 'x/?' }],
  ['#a?b', { fragment: 'a?b' }],
])('DID-SYN-2 reads what follows the DID in %j', (rest, parts) => {
  expect(readDidUrl(`did:jwk:abc${rest}`)).toEqual({ did: 'did:jwk:abc', ...parts })
})

test.each([
  'did:jwk:abc#a#b',
  'did:jwk:abc#a b',
  'did:jwk:abc/%2',
  'did:jwk:abc?ä',
  'did:jwk:#0',
  '#0',
  'https://a.example/#0',
])('DID-SYN-2 refuses %j as a DID URL', (text) => {
  expect(outcomeOf(() => readDidUrl(text))).toBe('did_malformed')
})

test('DID-SYN-3 a relative DID URL belongs to the DID in whose document it stands', () => {
  expect(absoluteDidUrl('#0', 'did:jwk:abc')).toBe('did:jwk:abc#0')
  expect(absoluteDidUrl('/a?b#c', 'did:jwk:abc')).toBe('did:jwk:abc/a?b#c')
  expect(absoluteDidUrl('?b', 'did:jwk:abc')).toBe('did:jwk:abc?b')
  expect(absoluteDidUrl('did:jwk:xyz#0', 'did:jwk:abc')).toBe('did:jwk:xyz#0')
})
