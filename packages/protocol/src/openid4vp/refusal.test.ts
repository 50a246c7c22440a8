import type { JsonObject } from '@facet-id/credential/json'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { findRefusal } from './refusal.ts'
import { readRequestObject } from './request-object.ts'
import type { RequestObjectJwt } from './request-object-jwt.ts'

const request = {
  client_id: 'decentralized_identifier:did:example:123',
  response_type: 'vp_token',
  response_mode: 'direct_post',
  response_uri: 'https://verifier.example/responses/1',
  nonce: 'n-0S6_WzA2Mj',
  state: 'af0ifjsldkj',
  dcql_query: {
    credentials: [{ id: 'p', format: 'dc+sd-jwt', meta: { vct_values: ['urn:facet:person:1'] } }],
  },
}

function jwtOf(payload: JsonObject): RequestObjectJwt {
  const kid = 'did:example:123#1'
  const header = { alg: 'ES256', typ: 'oauth-authz-req+jwt', kid } as const
  const clientId = {
    prefix: 'decentralized_identifier',
    id: 'did:example:123',
    full: request.client_id,
  } as const
  return {
    clientId,
    kid,
    jws: { header, payload, payloadText: '', signingInput: '', signature: new Uint8Array(64) },
  }
}

/** The body that goes back when the request is refused, as it must be. */
function bodyFor(changes: JsonObject): string | undefined {
  const jwt = jwtOf({ ...request, ...changes })
  expect(outcomeOf(() => readRequestObject(jwt))).not.toBe('accepted')
  return findRefusal(jwt)?.body
}

test('VP-8.2-1 answers redirect_uri beside direct_post with invalid_request', () => {
  const jwt = jwtOf({ ...request, redirect_uri: 'https://verifier.example/cb' })
  expect(findRefusal(jwt)).toEqual({
    method: 'POST',
    url: 'https://verifier.example/responses/1',
    headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
    body: 'error=invalid_request&state=af0ifjsldkj',
  })
})

test('VP-5-5 answers a query by scope with invalid_request', () => {
  const { dcql_query, ...rest } = request
  expect(findRefusal(jwtOf({ ...rest, scope: 'com.example.person' }))?.body).toBe(
    'error=invalid_request&state=af0ifjsldkj',
  )
})

test('VP-TD-4 answers transaction data with invalid_transaction_data', () => {
  expect(bodyFor({ transaction_data: ['e30'] })).toBe('error=invalid_transaction_data&state=af0ifjsldkj')
})

test('VP-B.3.4-1 answers a query for other formats only with vp_formats_not_supported', () => {
  const mdoc = { id: 'm', format: 'mso_mdoc', meta: { doctype_value: 'org.iso.18013.5.1.mDL' } }
  expect(bodyFor({ dcql_query: { credentials: [mdoc] } })).toBe(
    'error=vp_formats_not_supported&state=af0ifjsldkj',
  )
  expect(bodyFor({ dcql_query: { credentials: [] } })).toBe('error=invalid_request&state=af0ifjsldkj')
  expect(bodyFor({ dcql_query: { credentials: [null] } })).toBe('error=invalid_request&state=af0ifjsldkj')
})

test('answers another response type with unsupported_response_type', () => {
  expect(bodyFor({ response_type: 'code' })).toBe('error=unsupported_response_type&state=af0ifjsldkj')
})

test('VP-14.4-1, VP-8.2-2 answers nobody where the request does not say where to', () => {
  for (const changes of [
    { response_mode: 'fragment' },
    { response_mode: 'direct_post.jwt' },
    { response_uri: 'http://verifier.example/responses/1' },
    { response_uri: 'https://verifier.example/responses/1#x' },
    { response_uri: 'https://a@evil.example/' },
    { response_uri: 1 },
    { state: 'a b', nonce: 'a b' },
  ] satisfies JsonObject[]) {
    expect(bodyFor(changes)).toBeUndefined()
  }
})
