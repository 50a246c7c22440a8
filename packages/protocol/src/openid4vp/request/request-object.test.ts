import { writeJws } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import { outcomeOf, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { readClientId } from '../client/client-id.ts'
import { readRequestLink, writeRequestLink } from './request-link.ts'
import {
  payloadOf,
  type RequestObject,
  type RequestPayload,
  readRequestObject,
  unsignedLink,
} from './request-object.ts'
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
function jwtOf(payload: JsonObject): RequestPayload {
  return { clientId: readClientId(client_id), payload }
}

function written(object: RequestObject): RequestObjectJwt {
  const token = writeJws(writeRequestObjectInput(object, { alg: 'ES256', kid }), new Uint8Array(64))
  return readRequestObjectJwt(token, followed)
}

for (const { requirement, comment, input, expect: expected } of vectors(
  new URL('../../../vectors/openid4vp/request-object/', import.meta.url),
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

test('VP-5.1-4 leaves out keys of the metadata that nobody encrypts to, so that they verify nothing', () => {
  const object = readRequestObject(
    jwtOf({
      ...written(full).jws.payload,
      client_metadata: { jwks: { keys: [{ kty: 'EC', kid: '1', use: 'sig' }] }, client_name: 'Verifier' },
    }),
  )
  expect(object.client_metadata).toEqual({ jwks: { keys: [] } })
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

const unsigned = {
  client_id: 'redirect_uri:https://verifier.example/responses/1',
  aud: 'https://self-issued.me/v2',
  response_type: 'vp_token',
  response_mode: 'direct_post',
  response_uri: 'https://verifier.example/responses/1',
  nonce: 'n-0S6_WzA2Mj',
  state: 'af0ifjsldkj',
  dcql_query: full.dcql_query,
  client_metadata: { vp_formats_supported: { 'dc+sd-jwt': {} } },
  transaction_data: ['e30'],
} as const satisfies RequestObject

function fromLink(link: string): RequestObject {
  const read = readRequestLink(link)
  if (!('parameters' in read)) throw new Error('the link holds no request')
  return readRequestObject({ clientId: readClientId(read.client_id), payload: payloadOf(read) })
}

test('VP-5-6 objects are JSON texts in a link, and come back as they were', () => {
  const link = writeRequestLink(unsignedLink(unsigned))
  const parameters = new URLSearchParams(link.slice(link.indexOf('?') + 1))
  expect(JSON.parse(parameters.get('dcql_query') ?? '')).toEqual(unsigned.dcql_query)
  expect([...parameters.keys()]).not.toContain('aud')
  expect(fromLink(link)).toEqual(unsigned)
})

test('VP-5-6 refuses an object in a link that is no JSON, or no object', () => {
  const { parameters, client_id } = unsignedLink(unsigned)
  for (const dcql_query of ['', '{', '"x"', '1', '{"credentials":[],"credentials":[]}']) {
    const link = writeRequestLink({ client_id, parameters: { ...parameters, dcql_query } })
    expect(outcomeOf(() => fromLink(link))).toBe('message_malformed')
  }
})

test('VP-5.9.3-1 a client that is an address need not repeat it', () => {
  const { response_uri, transaction_data, ...rest } = unsigned
  expect(fromLink(writeRequestLink(unsignedLink(rest)))).toEqual({ ...rest, response_uri })
  const redirect = fromLink(writeRequestLink(unsignedLink({ ...rest, response_mode: 'fragment' })))
  expect(redirect.redirect_uri).toBe(response_uri)
  expect(redirect.response_uri).toBeUndefined()
})
