import { CredentialError } from '@facet-id/credential/error'
import { ProtocolError } from '@facet-id/protocol/error'
import { StoreError } from '@facet-id/store'
import { expect, test } from 'vitest'
import { VerifierError } from './error.ts'
import { refusal, refusalOfMethod } from './wire-errors.ts'

function told(error: unknown): readonly [status: number, body: unknown] {
  const { status, body } = refusal(error)
  return [status, JSON.parse(body)]
}

const words = 'Why, in words'

test.each([
  [404, new VerifierError('presentation_unknown', words)],
  [404, new VerifierError('endpoint_unknown', words)],
  [400, new VerifierError('presentation_answered', words)],
  [400, new VerifierError('state_mismatch', words)],
  [400, new VerifierError('vp_token_unfit', words)],
  [405, new VerifierError('method_not_allowed', words)],
  [400, new ProtocolError('message_malformed', words)],
  [400, new ProtocolError('message_too_large', words)],
  [400, new ProtocolError('content_type_unexpected', words)],
  [400, new ProtocolError('feature_unsupported', words)],
])('VP-8.2-4 answers %i, and why, to what the wallet did: $1.code', (status, error) => {
  expect(told(error)).toEqual([status, { error: 'invalid_request', error_description: words }])
})

test.each([
  new VerifierError('state_contended', words),
  new StoreError('store_full', words),
  new StoreError('store_unavailable', words),
  new StoreError('store_closed', words),
  new StoreError('store_locked', words),
])('answers 503 without a word about why when it may be better later: $code', (error) => {
  expect(told(error)).toEqual([503, { error: 'temporarily_unavailable' }])
})

test.each([
  new VerifierError('port_failed', words),
  new VerifierError('settings_invalid', words),
  new StoreError('store_corrupt', words),
  new StoreError('seal_broken', words),
  new CredentialError('json_malformed', words),
  new CredentialError('not_ready', words),
  new ProtocolError('peer_unreachable', words),
  new ProtocolError('https_required', words),
])('answers 500 without a word about why to what is ours: $code', (error) => {
  expect(told(error)).toEqual([500, { error: 'server_error' }])
})

test.each([
  ['an error without a code', new Error(words)],
  ['a code that nobody knows', Object.assign(new Error(words), { code: 'E_UNFORESEEN' })],
  ['a code that every object inherits', Object.assign(new Error(words), { code: 'constructor' })],
  ['a code that is no text', Object.assign(new Error(words), { code: 404 })],
  ['a text', 'presentation_unknown'],
  ['an object that is no error', { code: 'presentation_unknown', message: words }],
  ['nothing', undefined],
])('answers server_error, and nothing else, to %s', (_, thrown) => {
  expect(told(thrown)).toEqual([500, { error: 'server_error' }])
})

test('keeps every refusal out of caches', () => {
  expect(refusal(new Error(words)).headers).toMatchObject({
    'content-type': 'application/json',
    'cache-control': 'no-store',
  })
})

test('names the methods that are allowed', () => {
  expect(refusalOfMethod('POST')).toMatchObject({
    status: 405,
    headers: { allow: 'POST', 'content-type': 'application/json' },
  })
})
