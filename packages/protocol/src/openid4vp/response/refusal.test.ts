import type { JsonObject } from '@facet-id/credential/json'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { readClientId } from '../client/client-id.ts'
import { type RequestPayload, readRequestObject } from '../request/request-object.ts'
import { findRefusal } from './refusal.ts'

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

function payloadFrom(payload: JsonObject): RequestPayload {
  return { clientId: readClientId(String(payload.client_id)), payload }
}

/** The error that goes back when the request is refused, as it must be; and its state. */
function answerFor(changes: JsonObject): string | undefined {
  const from = payloadFrom({ ...request, ...changes })
  expect(outcomeOf(() => readRequestObject(from))).not.toBe('accepted')
  const refusal = findRefusal(from)
  return refusal && `${refusal.error} ${refusal.state}`
}

test('VP-8.2-1 answers redirect_uri beside direct_post with invalid_request', () => {
  const from = payloadFrom({ ...request, redirect_uri: 'https://verifier.example/cb' })
  expect(findRefusal(from)).toEqual({
    to: { by: 'post', uri: 'https://verifier.example/responses/1', encrypted: false },
    error: 'invalid_request',
    state: 'af0ifjsldkj',
  })
})

test('VP-5-5 answers a query by scope with invalid_request', () => {
  const { dcql_query, ...rest } = request
  expect(findRefusal(payloadFrom({ ...rest, scope: 'com.example.person' }))?.error).toBe('invalid_request')
})

test('VP-TD-1, VP-TD-2 answers transaction data that cannot be read with invalid_transaction_data', () => {
  expect(answerFor({ transaction_data: ['e30'], response_type: 'code' })).toBe(
    'invalid_transaction_data af0ifjsldkj',
  )
})

test('VP-B.3.4-1 answers a query for other formats only with vp_formats_not_supported', () => {
  const mdoc = { id: 'm', format: 'mso_mdoc', meta: { doctype_value: 'org.iso.18013.5.1.mDL' } }
  expect(answerFor({ dcql_query: { credentials: [mdoc] } })).toBe('vp_formats_not_supported af0ifjsldkj')
  expect(answerFor({ dcql_query: { credentials: [] } })).toBe('invalid_request af0ifjsldkj')
  expect(answerFor({ dcql_query: { credentials: [null] } })).toBe('invalid_request af0ifjsldkj')
})

test('answers another response type with unsupported_response_type', () => {
  expect(answerFor({ response_type: 'code' })).toBe('unsupported_response_type af0ifjsldkj')
})

test('VP-14.4-1, VP-8.2-2 answers nobody where the request does not say where to', () => {
  for (const changes of [
    { response_mode: 'fragment' },
    { response_mode: 'form_post' },
    { response_mode: 'dc_api' },
    { response_uri: 'http://verifier.example/responses/1' },
    { response_uri: 'https://verifier.example/responses/1#x' },
    { response_uri: 'https://a@evil.example/' },
    { response_uri: 1 },
    { state: 'a b', nonce: 'a b' },
  ] satisfies JsonObject[]) {
    expect(answerFor(changes)).toBeUndefined()
  }
})

test('VP-8.5-9 answers metadata of a client that is known with invalid_client', () => {
  expect(answerFor({ client_id: 'verifier', client_metadata: {}, nonce: 'a b' })).toBe(
    'invalid_client af0ifjsldkj',
  )
  expect(answerFor({ client_metadata: {}, nonce: 'a b' })).toBe('invalid_request af0ifjsldkj')
})

test('VP-8.3.1-2 answers a request that wants its answer encrypted, and to nobody, in the clear', () => {
  const from = payloadFrom({ ...request, response_mode: 'direct_post.jwt' })
  expect(outcomeOf(() => readRequestObject(from))).toBe('message_malformed')
  expect(findRefusal(from)?.error).toBe('invalid_request')
})

test('VP-5.6-2 answers by redirect what was asked by redirect', () => {
  const { response_uri, ...rest } = request
  const redirect = { response_mode: 'query', redirect_uri: 'https://verifier.example/cb', nonce: 'a b' }
  expect(findRefusal(payloadFrom({ ...rest, ...redirect }))?.to).toEqual({
    by: 'user_agent',
    uri: 'https://verifier.example/cb',
    part: 'query',
  })
})
