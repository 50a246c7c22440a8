import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import type { AuthorizationResponse } from '../response/authorization-response.ts'
import {
  isExpectedAt,
  platformAudience,
  readPlatformResponse,
  writeEncryptedPlatformResponse,
  writePlatformResponse,
} from './platform-response.ts'

test('VP-A.4-1 an answer is an object, and so is an error', () => {
  const responses: AuthorizationResponse[] = [{ vp_token: { p: ['a~'] } }, { error: 'invalid_request' }]
  const written = responses.map(writePlatformResponse)
  expect(written).toEqual([{ vp_token: { p: ['a~'] } }, { error: 'invalid_request' }])
  expect(written.map((data) => readPlatformResponse(data))).toEqual(
    responses.map((response) => ({ by: 'clear', response })),
  )
})

test('VP-A.2-5 no state goes to a page', () => {
  expect(writePlatformResponse({ vp_token: { p: ['a~'] }, state: 's' })).toEqual({ vp_token: { p: ['a~'] } })
  expect(writePlatformResponse({ error: 'access_denied', state: 's' })).toEqual({ error: 'access_denied' })
})

test('VP-A.4-1 refuses an answer that is none', () => {
  const jwe = writeEncryptedPlatformResponse('a.b.c.d.e')
  for (const data of [
    '{}',
    null,
    [],
    {},
    { response: 1 },
    { ...jwe, error: 'x' },
    { ...jwe, vp_token: {} },
  ]) {
    expect(outcomeOf(() => readPlatformResponse(data))).toBe('message_malformed')
  }
  expect(outcomeOf(() => readPlatformResponse(jwe))).not.toBe('accepted')
})

test('VP-A.4-2 the audience is the origin as the platform tells it', () => {
  expect(platformAudience('https://verifier.example')).toBe('origin:https://verifier.example')
})

test('VP-A.2-4 origins are compared as texts, and nothing is normalized', () => {
  const expected = ['https://verifier.example', 'android:apk-key-hash:abc']
  expect(isExpectedAt('https://verifier.example', expected)).toBe(true)
  expect(isExpectedAt('android:apk-key-hash:abc', expected)).toBe(true)
  for (const other of [
    'https://verifier.example/',
    'https://VERIFIER.example',
    'https://verifier.example:443',
    '',
  ]) {
    expect(isExpectedAt(other, expected)).toBe(false)
  }
  expect(isExpectedAt('https://verifier.example', undefined)).toBe(false)
})
