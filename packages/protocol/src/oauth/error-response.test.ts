import { outcomeOf, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { jsonResponse } from '../body.ts'
import { readErrorResponse, writeErrorResponse, writeMissingTokenResponse } from './error-response.ts'

for (const { requirement, comment, input, expect: expected } of vectors(
  new URL('../../vectors/oauth/error-response/', import.meta.url),
)) {
  test(`${requirement} ${comment}`, () => {
    const response = { ...jsonResponse(JSON.stringify(input)), status: 400 }
    expect(outcomeOf(() => readErrorResponse(response))).toBe(expected)
  })
}

test('VCI-8.3.1-2 a refusal is 400, JSON, and kept by no cache', () => {
  const response = writeErrorResponse({ status: 400, error: 'invalid_proof' }, 'Sign with the key itself')
  expect(response).toEqual({
    status: 400,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: '{"error":"invalid_proof","error_description":"Sign with the key itself"}',
  })
  expect(readErrorResponse(response)).toEqual({
    status: 400,
    error: 'invalid_proof',
    error_description: 'Sign with the key itself',
  })
})

test('VCI-8.3.1-10 a description has no other characters than may be sent', () => {
  const all = String.fromCharCode(...Array.from({ length: 400 }, (_, i) => i))
  const { body } = writeErrorResponse({ status: 400, error: 'invalid_proof' }, `"a\\b" ${all} 👍`)
  const { error_description } = JSON.parse(body)
  expect(error_description).toMatch(/^[\x20\x21\x23-\x5B\x5D-\x7E]+$/)
  expect(error_description.startsWith("'a?b' ")).toBe(true)
  expect(error_description.endsWith(' ?')).toBe(true)
  expect(error_description).toContain(all.slice(0x23, 0x5c))
})

test('VCI-8.3.1-1 a refusal of the token challenges', () => {
  expect(writeErrorResponse({ status: 401, error: 'invalid_token' }).headers['www-authenticate']).toBe(
    'Bearer error="invalid_token"',
  )
  expect(writeErrorResponse({ status: 403, error: 'insufficient_scope' }).headers['www-authenticate']).toBe(
    'Bearer error="insufficient_scope"',
  )
  expect(writeErrorResponse({ status: 400, error: 'invalid_request' }).headers).not.toHaveProperty(
    'www-authenticate',
  )
  expect(writeErrorResponse({ status: 401, error: 'invalid_client' }).headers).not.toHaveProperty(
    'www-authenticate',
  )
})

test('VCI-8.3.1-1 a missing token is challenged without a code', () => {
  const response = writeMissingTokenResponse()
  const headers = { 'www-authenticate': 'Bearer', 'cache-control': 'no-store' }
  expect(response).toEqual({ status: 401, headers, body: '' })
  expect(outcomeOf(() => readErrorResponse(response))).toBe('content_type_unexpected')
})

test('VCI-8.3.1-1 a refusal that stands in the challenge only is read', () => {
  const headers = { 'www-authenticate': 'Bearer error="invalid_token"' }
  expect(readErrorResponse({ status: 401, headers, body: '' })).toEqual({
    status: 401,
    error: 'invalid_token',
  })
})

test('what is no refusal is not read as one', () => {
  expect(outcomeOf(() => readErrorResponse(jsonResponse('{"error":"x"}')))).toBe('message_malformed')
  expect(outcomeOf(() => readErrorResponse({ ...jsonResponse('{"error":"x"}'), status: 302 }))).toBe(
    'message_malformed',
  )
  expect(readErrorResponse({ ...jsonResponse('{"error":"x"}'), status: 599 })).toEqual({
    status: 599,
    error: 'x',
  })
  expect(outcomeOf(() => readErrorResponse({ ...jsonResponse('{"error":"x"}'), status: 600 }))).toBe(
    'message_malformed',
  )
  const page = { status: 502, headers: { 'content-type': 'text/html' }, body: '<h1>Bad gateway</h1>' }
  expect(outcomeOf(() => readErrorResponse(page))).toBe('content_type_unexpected')
})
