import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { findBearerError, readBearer, writeBearer, writeBearerChallenge } from './bearer.ts'

const url = 'https://issuer.example/credential'
const sent = (authorization: string): Parameters<typeof readBearer>[0] => ({
  url,
  headers: { authorization },
})

test('VCI-8.3.1-1 reads the token that the wallet wrote', () => {
  expect(readBearer(sent(writeBearer('aZ09-._~+/==')))).toBe('aZ09-._~+/==')
  expect(readBearer(sent('bearer  abc'))).toBe('abc')
})

test('VCI-8.3.1-1 finds no token where there is none, or one of another scheme', () => {
  expect(readBearer({ url, headers: {} })).toBeUndefined()
  for (const other of ['', 'DPoP abc', 'Basic YTpi', 'Bearerabc'])
    expect(readBearer(sent(other))).toBeUndefined()
})

test('VCI-8.3.1-1 refuses a header that holds no token', () => {
  for (const bad of [
    'Bearer',
    'Bearer ',
    'Bearer a b',
    'Bearer a,b',
    'Bearer =',
    'Bearer ä',
    'Bearer a\nb',
    `Bearer ${'a'.repeat(8193)}`,
  ]) {
    expect([bad, outcomeOf(() => readBearer(sent(bad)))]).toEqual([bad, 'message_malformed'])
  }
})

test('VCI-8.3.1-12 refuses a token in the query, also beside one in the header', () => {
  for (const query of [
    'access_token=abc',
    'x=1&access_token=abc',
    '%61ccess_token=abc',
    'x?y&access_token=abc',
  ]) {
    expect(outcomeOf(() => readBearer({ url: `${url}?${query}`, headers: {} }))).toBe('message_malformed')
    expect(outcomeOf(() => readBearer({ ...sent('Bearer abc'), url: `${url}?${query}` }))).toBe(
      'message_malformed',
    )
  }
  expect(readBearer({ ...sent('Bearer abc'), url: `${url}?tenant=1` })).toBe('abc')
})

test('VCI-8.3.1-1 a challenge names the error, and none where no token was sent', () => {
  expect(writeBearerChallenge()).toBe('Bearer')
  expect(writeBearerChallenge('invalid_token')).toBe('Bearer error="invalid_token"')
  expect(findBearerError({ 'www-authenticate': writeBearerChallenge('invalid_token') })).toBe('invalid_token')
  expect(
    findBearerError({ 'www-authenticate': 'Bearer realm="x", error="insufficient_scope", scope="y"' }),
  ).toBe('insufficient_scope')
  expect(findBearerError({ 'www-authenticate': writeBearerChallenge() })).toBeUndefined()
  expect(findBearerError({})).toBeUndefined()
})
