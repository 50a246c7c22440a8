import { outcomeOf, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { jsonResponse } from '../body.ts'
import { nonceRequest, readNonceResponse, writeNonceResponse } from './nonce.ts'

for (const { requirement, comment, input, expect: expected } of vectors(
  new URL('../../vectors/openid4vci/nonce-response/', import.meta.url),
)) {
  test(`${requirement} ${comment}`, () => {
    expect(outcomeOf(() => readNonceResponse(jsonResponse(JSON.stringify(input))))).toBe(expected)
  })
}

test('VCI-7.1-1 the wallet posts nothing, and sends no token', () => {
  expect(nonceRequest('https://issuer.example/nonce')).toEqual({
    method: 'POST',
    url: 'https://issuer.example/nonce',
    headers: { accept: 'application/json' },
  })
})

test('VCI-7.2-1, VCI-7.2-2 the answer is JSON that no cache keeps', () => {
  const response = writeNonceResponse({ c_nonce: 'abc' })
  expect(response).toEqual({
    status: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: '{"c_nonce":"abc"}',
  })
  expect(readNonceResponse(response)).toEqual({ c_nonce: 'abc' })
  expect(readNonceResponse({ ...response, status: 201 })).toEqual({ c_nonce: 'abc' })
})

test('VCI-7.2-1 what is not JSON, or no success, gives no nonce', () => {
  const response = writeNonceResponse({ c_nonce: 'abc' })
  expect(outcomeOf(() => readNonceResponse({ ...response, status: 500 }))).toBe('message_malformed')
  expect(outcomeOf(() => readNonceResponse({ ...response, headers: {} }))).toBe('content_type_unexpected')
})
