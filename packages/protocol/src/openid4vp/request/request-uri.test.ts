import { writeJws } from '@facet-id/credential/jose'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import type { FollowedLink } from './request-link.ts'
import type { RequestObject } from './request-object.ts'
import { writeRequestObjectInput } from './request-object-jwt.ts'
import {
  findEncryptedRequest,
  readRequestObjectResponse,
  readRequestUriRequest,
  requestUriRequest,
  writeRequestObjectResponse,
} from './request-uri.ts'
import type { WalletMetadata } from './wallet-metadata.ts'

const followed: FollowedLink = {
  client_id: 'decentralized_identifier:did:example:123',
  request_uri: 'https://verifier.example/requests/1',
  wallet_nonce: 'qPmxiNFCR3QTm19POc8u',
}
const posted: FollowedLink = { ...followed, request_uri_method: 'post' }

const object: RequestObject = {
  client_id: followed.client_id,
  aud: 'https://self-issued.me/v2',
  response_type: 'vp_token',
  response_mode: 'direct_post',
  response_uri: 'https://verifier.example/responses/1',
  nonce: 'n-0S6_WzA2Mj',
  dcql_query: {
    credentials: [{ id: 'p', format: 'dc+sd-jwt', meta: { vct_values: ['urn:facet:person:1'] } }],
  },
}
const X = 'gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0'
const Y = 'SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps'
const kid = 'did:example:123#1'
const token = writeJws(writeRequestObjectInput(object, { alg: 'ES256', kid }), new Uint8Array(64))

test('VP-5.1-2 gets by GET, unless the link says POST', () => {
  const accept = 'application/oauth-authz-req+jwt'
  const get = { method: 'GET', url: followed.request_uri, headers: { accept } }
  expect(requestUriRequest(followed)).toEqual(get)
  expect(requestUriRequest({ ...followed, request_uri_method: 'get' })).toEqual(get)
  expect(requestUriRequest(posted).method).toBe('POST')
})

test('VP-5.10-1 posts a form with its nonce, and asks for a request object', () => {
  expect(requestUriRequest(posted)).toEqual({
    method: 'POST',
    url: 'https://verifier.example/requests/1',
    headers: {
      accept: 'application/oauth-authz-req+jwt',
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'wallet_nonce=qPmxiNFCR3QTm19POc8u',
  })
  const { wallet_nonce, ...without } = posted
  expect(requestUriRequest(without).body).toBe('')
})

test('VP-15.8-2 sends nothing that tells wallets apart', () => {
  expect(Object.keys(requestUriRequest(followed).headers)).toEqual(['accept'])
  expect(Object.keys(requestUriRequest(posted).headers).sort()).toEqual(['accept', 'content-type'])
})

test('VP-5.10-2 reads the nonce of the wallet and ignores other parameters', () => {
  expect(readRequestUriRequest(requestUriRequest(posted))).toEqual({ wallet_nonce: 'qPmxiNFCR3QTm19POc8u' })
  expect(readRequestUriRequest(requestUriRequest(followed))).toEqual({})
  const body = 'wallet_nonce=qPmxiNFCR3QTm19POc8u&more=1'
  expect(readRequestUriRequest({ ...requestUriRequest(posted), body })).toEqual({
    wallet_nonce: 'qPmxiNFCR3QTm19POc8u',
  })
  expect(readRequestUriRequest({ ...requestUriRequest(posted), body: '' })).toEqual({})
})

test('VP-5-7 refuses a nonce of more than 512 characters, one that is sent twice, and what is no form', () => {
  const read = (body: string, headers = requestUriRequest(posted).headers): unknown =>
    outcomeOf(() => readRequestUriRequest({ ...requestUriRequest(posted), headers, body }))
  expect(read(`wallet_nonce=${'n'.repeat(513)}`)).toBe('message_too_large')
  expect(read('wallet_nonce=a&wallet_nonce=b')).toBe('message_malformed')
  expect(read('{"wallet_nonce":"a"}', { 'content-type': 'application/json' })).toBe('content_type_unexpected')
})

test('VP-5.10.1-1, JAR-5.2.3-1 answers with a request object, by its media type', () => {
  expect(writeRequestObjectResponse(token)).toEqual({
    status: 200,
    headers: { 'content-type': 'application/oauth-authz-req+jwt', 'cache-control': 'no-store' },
    body: token,
  })
  expect(readRequestObjectResponse(writeRequestObjectResponse(token), followed).key).toEqual({
    by: 'did',
    kid,
  })
})

test('VP-5.10.1-1, JAR-5.2.3-1 refuses an answer of another media type', () => {
  for (const type of ['application/jwt', 'application/json', 'text/plain']) {
    const response = { status: 200, headers: { 'content-type': type }, body: token }
    expect(outcomeOf(() => readRequestObjectResponse(response, followed))).toBe('content_type_unexpected')
  }
})

test('VP-5.10.2-1 stops at any HTTP error, whatever came with it', () => {
  for (const status of [400, 401, 404, 410, 500, 503]) {
    const response = { ...writeRequestObjectResponse(token), status }
    expect(outcomeOf(() => readRequestObjectResponse(response, followed))).toBe('message_malformed')
  }
})

test('VP-5.10.1-5 takes a redirect for an error', () => {
  for (const status of [301, 302, 303, 307, 308]) {
    const response = { ...writeRequestObjectResponse(token), status }
    expect(outcomeOf(() => readRequestObjectResponse(response, followed))).toBe('message_malformed')
  }
})

const metadata: WalletMetadata = {
  vp_formats_supported: { 'dc+sd-jwt': { 'sd-jwt_alg_values': ['ES256'] } },
  client_id_prefixes_supported: ['decentralized_identifier'],
  response_types_supported: ['vp_token'],
  response_modes_supported: ['direct_post'],
  request_object_signing_alg_values_supported: ['ES256'],
  request_object_encryption_alg_values_supported: ['ECDH-ES'],
  request_object_encryption_enc_values_supported: ['A256GCM'],
  jwks: { keys: [{ kty: 'EC', crv: 'P-256', x: X, y: Y, kid: '1', alg: 'ECDH-ES', use: 'enc' }] },
}

test('VP-5.10-1, VP-5.10-3 posts what it can do as a JSON text, its keys among it', () => {
  const request = requestUriRequest(posted, metadata)
  const form = new URLSearchParams(request.body)
  expect(JSON.parse(form.get('wallet_metadata') ?? '')).toEqual(metadata)
  expect(readRequestUriRequest(request)).toEqual({
    wallet_nonce: 'qPmxiNFCR3QTm19POc8u',
    wallet_metadata: metadata,
  })
  expect(requestUriRequest(followed, metadata).body).toBeUndefined()
})

test('VP-11-1 ignores what it does not know of a wallet, and what is no metadata', () => {
  const read = (wallet_metadata: object | string) => {
    const text = typeof wallet_metadata === 'string' ? wallet_metadata : JSON.stringify(wallet_metadata)
    const body = new URLSearchParams({ wallet_metadata: text }).toString()
    return readRequestUriRequest({ ...requestUriRequest(posted), body }).wallet_metadata
  }
  expect(read({ ...metadata, issuer: 'https://wallet.example', jwks: { keys: [{ kty: 'RSA' }] } })).toEqual({
    ...metadata,
    jwks: { keys: [] },
  })
  for (const wrong of [
    '',
    '[]',
    '{',
    '{}',
    '{"vp_formats_supported":[]}',
    '{"vp_formats_supported":{},"jwks":1}',
  ]) {
    expect(read(wrong === '' ? 'null' : wrong)).toBeUndefined()
  }
})

test('VP-5.10.1-1 tells an encrypted request object from one that is not', () => {
  expect(findEncryptedRequest(token)).toBeUndefined()
  expect(outcomeOf(() => findEncryptedRequest('a.b.c.d.e'))).not.toBe('accepted')
  const dots = '.'.repeat(1_000_000)
  expect(outcomeOf(() => findEncryptedRequest(dots))).toBe('jwe_too_large')
})
