import { outcomeOf, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import type { WireRequest } from '../../wire.ts'
import {
  type AuthorizationResponse,
  authorizationResponseRequest,
  readAuthorizationResponse,
  readRedirectResponse,
  redirectLocation,
} from './authorization-response.ts'

const response_uri = 'https://verifier.example/responses/1'
const presentation = 'eyJ.e30.AA~WyJh+w~eyJ.e30.AA'

function posted(body: string): WireRequest {
  return {
    method: 'POST',
    url: response_uri,
    headers: { 'content-type': 'application/x-www-form-urlencoded; charset=UTF-8' },
    body,
  }
}

for (const { requirement, comment, input, expect: expected } of vectors(
  new URL('../../../vectors/openid4vp/authorization-response/', import.meta.url),
)) {
  test(`${requirement} ${comment}`, () => {
    expect(outcomeOf(() => readAuthorizationResponse(posted(String(input))))).toBe(expected)
  })
}

test('VP-8.2-3, VP-8.1-1 posts a form, the token in it a JSON text', () => {
  const answer = { vp_token: { person: [presentation] }, state: 'af0ifjsldkj' }
  expect(authorizationResponseRequest(response_uri, answer)).toEqual({
    method: 'POST',
    url: response_uri,
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: 'vp_token=%7B%22person%22%3A%5B%22eyJ.e30.AA~WyJh%2Bw~eyJ.e30.AA%22%5D%7D&state=af0ifjsldkj',
  })
})

test('VP-8.2-3, VP-15.9-1 posts an error the same way, and no more than its code', () => {
  const { body } = authorizationResponseRequest(response_uri, {
    error: 'access_denied',
    state: 'af0ifjsldkj',
  })
  expect(body).toBe('error=access_denied&state=af0ifjsldkj')
})

test('VP-5.6-1 answers with a token and a state, and nothing else', () => {
  const { body } = authorizationResponseRequest(response_uri, { vp_token: { a: [presentation] } })
  expect(body?.split('&').map((pair) => pair.split('=')[0])).toEqual(['vp_token'])
})

test('what was written is read', () => {
  const responses: AuthorizationResponse[] = [
    { vp_token: { person: [presentation] }, state: 'af0ifjsldkj' },
    { vp_token: { person: [presentation], other: ['b~'] } },
    { error: 'access_denied', state: 'af0ifjsldkj' },
    { error: 'vp_formats_not_supported' },
  ]
  for (const response of responses) {
    expect(readAuthorizationResponse(authorizationResponseRequest(response_uri, response))).toEqual(response)
  }
})

test('a query may bear any name', () => {
  const vp_token = JSON.parse('{"__proto__":["a~"],"constructor":["b~"]}')
  const read = readAuthorizationResponse(authorizationResponseRequest(response_uri, { vp_token }))
  expect('vp_token' in read && Object.entries(read.vp_token)).toEqual([
    ['__proto__', ['a~']],
    ['constructor', ['b~']],
  ])
})

test('VP-8.2-3 refuses a body that is no form', () => {
  const json = { ...posted('{"error":"access_denied"}'), headers: { 'content-type': 'application/json' } }
  expect(outcomeOf(() => readAuthorizationResponse(json))).toBe('content_type_unexpected')
  expect(outcomeOf(() => readAuthorizationResponse({ ...json, headers: {} }))).toBe('content_type_unexpected')
})

test('VP-5-7 refuses a token of more than 1,310,720 characters', () => {
  const large = authorizationResponseRequest(response_uri, { vp_token: { a: ['x'.repeat(1_310_720)] } })
  expect(outcomeOf(() => readAuthorizationResponse(large))).toBe('message_too_large')
})

test('VP-5.6-2 takes the answer along in the fragment, or in the query, of a redirect', () => {
  const answer: AuthorizationResponse = { vp_token: { person: [presentation] }, state: 'a+b c' }
  const uri = 'https://verifier.example/cb'
  const fragment = redirectLocation(uri, 'fragment', answer)
  expect(fragment.startsWith(`${uri}#vp_token=%7B`)).toBe(true)
  expect(readRedirectResponse(fragment.slice(uri.length + 1))).toEqual(answer)
  expect(redirectLocation(uri, 'query', { error: 'access_denied' })).toBe(`${uri}?error=access_denied`)
  expect(redirectLocation(`${uri}?a=b`, 'query', { error: 'access_denied' })).toBe(
    `${uri}?a=b&error=access_denied`,
  )
  expect(redirectLocation(`${uri}?a=b`, 'fragment', { error: 'access_denied' })).toBe(
    `${uri}?a=b#error=access_denied`,
  )
})
