import { writeJws } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import { outcomeOf, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { takesSdJwtVc } from './client-metadata.ts'
import { type RequestObject, readRequestObject } from './request-object.ts'
import { type RequestObjectJwt, readRequestObjectJwt, writeRequestObjectInput } from './request-object-jwt.ts'

const client_id = 'decentralized_identifier:did:example:123'
const kid = 'did:example:123#1'
const followed = { client_id, request_uri: 'https://verifier.example/requests/1' }

const full: RequestObject = {
  client_id,
  aud: 'https://self-issued.me/v2',
  response_type: 'vp_token',
  response_mode: 'direct_post',
  response_uri: 'https://verifier.example/responses/1',
  nonce: 'n-0S6_WzA2Mj',
  state: 'af0ifjsldkj',
  dcql_query: {
    credentials: [
      {
        id: 'person',
        format: 'dc+sd-jwt',
        meta: { vct_values: ['urn:facet:person:1'] },
        claims: [
          { path: ['age_equal_or_over', '18'], values: [true] },
          { id: 'n', path: ['nationalities', null] },
        ],
      },
      { id: 'any', format: 'dc+sd-jwt', meta: { vct_values: ['urn:facet:other:1'] } },
    ],
  },
  client_metadata: {
    vp_formats_supported: { 'dc+sd-jwt': { 'sd-jwt_alg_values': ['ES256'], 'kb-jwt_alg_values': ['ES256'] } },
  },
  wallet_nonce: 'qPmxiNFCR3QTm19POc8u',
  iat: 1_800_000_000,
  nbf: 1_800_000_000,
  exp: 1_800_000_300.5,
}

/** As it stands in the vectors: whatever a verifier may have signed. */
function jwtOf(payload: JsonObject): RequestObjectJwt {
  const header = { alg: 'ES256', typ: 'oauth-authz-req+jwt', kid } as const
  const clientId = { prefix: 'decentralized_identifier', id: 'did:example:123', full: client_id } as const
  const jws = { header, payload, payloadText: '', signingInput: '', signature: new Uint8Array(64) }
  return { clientId, kid, jws }
}

function written(object: RequestObject): RequestObjectJwt {
  const token = writeJws(writeRequestObjectInput(object, { alg: 'ES256', kid }), new Uint8Array(64))
  return readRequestObjectJwt(token, followed)
}

for (const { requirement, comment, input, expect: expected } of vectors(
  new URL('../../vectors/openid4vp/request-object/', import.meta.url),
)) {
  test(`${requirement} ${comment}`, () => {
    expect(outcomeOf(() => readRequestObject(jwtOf(input as JsonObject)))).toBe(expected)
  })
}

test('what was written is read', () => {
  const { state, client_metadata, wallet_nonce, iat, nbf, exp, ...least } = full
  for (const object of [full, least]) {
    expect(readRequestObject(written(object))).toEqual(object)
  }
})

test('VP-5.8-1 is for whichever wallet comes, also where that is not spelled out', () => {
  const { aud, ...rest } = full
  expect(JSON.parse(written(full).jws.payloadText).aud).toBe('https://self-issued.me/v2')
  expect(readRequestObject(jwtOf({ ...rest } as unknown as JsonObject))).toEqual(full)
})

test('VP-5-6 the query and the metadata are objects in the signed request', () => {
  const payload = JSON.parse(written(full).jws.payloadText)
  expect(payload.dcql_query).toEqual(full.dcql_query)
  expect(payload.client_metadata).toEqual(full.client_metadata)
})

test('VP-5.1-4 leaves out keys of the metadata, so that they verify nothing', () => {
  const object = readRequestObject(
    jwtOf({
      ...written(full).jws.payload,
      client_metadata: { jwks: { keys: [{ kty: 'EC', kid: '1' }] }, client_name: 'Verifier' },
    }),
  )
  expect(object.client_metadata).toEqual({})
})

test('VP-5-3 leaves out iss', () => {
  const object = readRequestObject(jwtOf({ ...written(full).jws.payload, iss: 'did:example:other' }))
  expect(object).toEqual(full)
})

test('VP-14.7-1 takes a response_uri by plain http to this machine in development mode only', () => {
  const local = written({ ...full, response_uri: 'http://localhost:3000/responses/1' })
  expect(readRequestObject(local, 'https_or_loopback_http').response_uri).toBe(
    'http://localhost:3000/responses/1',
  )
  expect(outcomeOf(() => readRequestObject(local))).toBe('https_required')
  const remote = written({ ...full, response_uri: 'http://verifier.example/responses/1' })
  expect(outcomeOf(() => readRequestObject(remote, 'https_or_loopback_http'))).toBe('https_required')
})

test('VP-B.3.4-1 a verifier takes SD-JWT VCs when both lists of algorithms have ours, or say nothing', () => {
  const takes = (format: object | undefined): boolean =>
    takesSdJwtVc(
      { vp_formats_supported: format === undefined ? {} : { 'dc+sd-jwt': format } },
      { issuer: 'ES256', holder: 'ES256' },
    )
  expect(takesSdJwtVc(undefined, { issuer: 'ES256', holder: 'ES256' })).toBe(true)
  expect(takesSdJwtVc({}, { issuer: 'ES256', holder: 'ES256' })).toBe(true)
  expect(takes({})).toBe(true)
  expect(takes({ 'sd-jwt_alg_values': ['ES384', 'ES256'] })).toBe(true)
  expect(takes({ 'sd-jwt_alg_values': ['ES256'], 'kb-jwt_alg_values': ['ES384'] })).toBe(false)
  expect(takes({ 'sd-jwt_alg_values': ['ES384'] })).toBe(false)
  expect(takes(undefined)).toBe(false)
})
