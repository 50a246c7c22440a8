import { outcomeOf, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { jsonResponse } from '../body.ts'
import { readCredentialResponse, writeCredentialResponse } from './credential-response.ts'

for (const { requirement, comment, input, expect: expected } of vectors(
  new URL('../../vectors/openid4vci/credential-response/', import.meta.url),
)) {
  test(`${requirement} ${comment}`, () => {
    expect(outcomeOf(() => readCredentialResponse(jsonResponse(JSON.stringify(input))))).toBe(expected)
  })
}

test('VCI-8.3-1, VCI-8.3-6, VCI-A.3-2 the answer is 200, JSON, with each credential as it is', () => {
  const body = { credentials: [{ credential: 'eyJ.eyJ.c2ln~WyJd~' }, { credential: 'b~' }] }
  const response = writeCredentialResponse(body)
  expect(response).toEqual({
    status: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: '{"credentials":[{"credential":"eyJ.eyJ.c2ln~WyJd~"},{"credential":"b~"}]}',
  })
  expect(readCredentialResponse(response)).toEqual(body)
})

test('VCI-8.3-6 an answer of another type is not read', () => {
  const response = writeCredentialResponse({ credentials: [{ credential: 'a~' }] })
  const encrypted = { ...response, headers: { 'content-type': 'application/jwt' } }
  expect(outcomeOf(() => readCredentialResponse(encrypted))).toBe('content_type_unexpected')
})

test('VCI-8.3-2, VCI-8.3-3, VCI-9.2-1 for credentials that come later the answer is 202, with where and when to ask', () => {
  const later = { transaction_id: '8xLOxBtZp8', interval: 3600 }
  const response = writeCredentialResponse(later)
  expect(response).toEqual({
    status: 202,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: '{"transaction_id":"8xLOxBtZp8","interval":3600}',
  })
  expect(readCredentialResponse(response)).toEqual(later)
})

test('VCI-7.2-4, VCI-8.3-7 nothing but the credentials comes out of the answer', () => {
  const response = jsonResponse('{"c_nonce":"n","credentials":[{"credential":"a~","c_nonce":"n"}]}')
  expect(readCredentialResponse(response)).toEqual({ credentials: [{ credential: 'a~' }] })
})
