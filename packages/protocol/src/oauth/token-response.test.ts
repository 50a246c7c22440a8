import { outcomeOf, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { jsonResponse } from '../body.ts'
import { readTokenResponse, writeTokenResponse } from './token-response.ts'

for (const { requirement, comment, input, expect: expected } of vectors(
  new URL('../../vectors/oauth/token-response/', import.meta.url),
)) {
  test(`${requirement} ${comment}`, () => {
    const body = typeof input === 'string' ? input : JSON.stringify(input)
    expect(outcomeOf(() => readTokenResponse(jsonResponse(body)))).toBe(expected)
  })
}

test('VCI-6.2-4 the token response is JSON that no cache keeps', () => {
  const response = writeTokenResponse({ access_token: 'abc', token_type: 'Bearer', expires_in: 300 })
  expect(response).toEqual({
    status: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: '{"access_token":"abc","token_type":"Bearer","expires_in":300}',
  })
  expect(readTokenResponse(response)).toEqual({ access_token: 'abc', token_type: 'Bearer', expires_in: 300 })
})

test('VCI-6.2-4 a token type in another case is the same type', () => {
  const response = jsonResponse('{"token_type":"BEARER","access_token":"abc"}')
  expect(readTokenResponse(response)).toEqual({ access_token: 'abc', token_type: 'Bearer' })
})

test('VCI-7.2-4 no nonce comes out of a token response', () => {
  const response = jsonResponse('{"access_token":"abc","token_type":"bearer","c_nonce":"n"}')
  expect(readTokenResponse(response)).not.toHaveProperty('c_nonce')
})
