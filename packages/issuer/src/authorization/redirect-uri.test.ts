import { expect, test } from 'vitest'
import { isRedirectUri, isRegistered } from './redirect-uri.ts'

test.each([
  'https://wallet.example/cb',
  'https://wallet.example/cb?x=1',
  'http://127.0.0.1:5000/cb',
  'http://[::1]/cb',
  'com.wallet.example:/cb',
  'com.wallet.example://cb/x',
])('BCP-2.6-1 %s may be registered', (uri) => {
  expect(isRedirectUri(uri)).toBe(true)
})

test.each([
  'http://wallet.example/cb',
  'javascript:alert(1)',
  'JavaScript:alert(1)',
  'data:text/html,x',
  'vbscript:x',
  'wallet:/cb',
  'file:///etc/passwd',
  'https://wallet.example/cb#x',
  'https://user@wallet.example/cb',
  'https://wallet.example\\@evil.example/cb',
  'https://wallet.example/../cb',
  'com.wallet.example:/cb\nlocation: x',
  'com.wallet.example:javascript',
  '/cb',
  '',
  `https://wallet.example/${'a'.repeat(2100)}`,
])('BCP-2.6-1 %s may not', (uri) => {
  expect(isRedirectUri(uri)).toBe(false)
})

test.each([
  ['http://127.0.0.1:1/cb', true],
  ['http://127.0.0.1/cb', true],
  ['http://127.0.0.1:1/cb/', false],
  ['http://127.0.0.1:1@evil.example/cb', false],
  ['http://127.0.0.1.evil.example/cb', false],
  ['https://127.0.0.1:1/cb', false],
  ['http://localhost:1/cb', false],
])('BCP-2.1-1 of an address on this machine only the port may differ: %s', (asked, taken) => {
  expect(isRegistered(asked, ['http://127.0.0.1:8080/cb'])).toBe(taken)
})

test('BCP-2.1-1 the port of any other address may not differ', () => {
  expect(isRegistered('https://wallet.example:8443/cb', ['https://wallet.example/cb'])).toBe(false)
})
