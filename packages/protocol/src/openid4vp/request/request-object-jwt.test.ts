import { utf8, writeBase64urlText } from '@facet-id/credential/base64url'
import { checkOf, jwsAlgorithms, writeJws, writeSigningInput } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import { checkSignatures, keyPair, keyPairFor, outcomeOf, signerFor, signerOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import type { RequestObject } from './request-object.ts'
import { readRequestObjectJwt, writeRequestObjectInput } from './request-object-jwt.ts'

const client_id = 'decentralized_identifier:did:example:123'
const kid = 'did:example:123#1'
const followed = { client_id, request_uri: 'https://verifier.example/requests/1' }
const header = { typ: 'oauth-authz-req+jwt', alg: 'ES256', kid }
const owner = keyPair()
const signer = signerOf(owner.privateJwk)

function signed(head: JsonObject, payload: JsonObject = { client_id }): string {
  const input = writeSigningInput(head, payload)
  return writeJws(input, signer.sign(utf8(input)))
}

function outcome(token: string, question = followed): unknown {
  return outcomeOf(() => readRequestObjectJwt(token, question))
}

test('VP-5-1, JAR-4-1, JAR-10.8-1 the request is one signed token, its kind in the header', () => {
  const object: RequestObject = {
    client_id,
    aud: 'https://self-issued.me/v2',
    response_type: 'vp_token',
    response_mode: 'direct_post',
    response_uri: 'https://verifier.example/responses/1',
    nonce: 'n-0S6_WzA2Mj',
    dcql_query: {
      credentials: [{ id: 'p', format: 'dc+sd-jwt', meta: { vct_values: ['urn:facet:person:1'] } }],
    },
  }
  const input = writeRequestObjectInput(object, { alg: 'ES256', kid })
  const jwt = readRequestObjectJwt(writeJws(input, signer.sign(utf8(input))), followed)
  expect(jwt.jws.header).toEqual({ typ: 'oauth-authz-req+jwt', alg: 'ES256', kid })
  expect(jwt.jws.payload).toEqual(object)
  expect(jwt.key).toEqual({ by: 'did', kid })
  expect(jwt.clientId.full).toBe(client_id)
  expect(checkSignatures([checkOf(jwt.jws, owner.publicJwk)])).toEqual(['valid'])
})

test('VP-5-2, JAR-10.8-1 refuses a token of another kind, or of none', () => {
  for (const typ of ['JWT', 'jwt', 'kb+jwt', 'oauth-authz-req']) {
    expect(outcome(signed({ ...header, typ }))).toBe('jws_typ_unexpected')
  }
  const { typ, ...none } = header
  expect(outcome(signed(none))).toBe('jws_typ_unexpected')
})

test('JAR-6.2-1 refuses a token that is unsigned, or signed by an algorithm that is not allowed', () => {
  for (const alg of ['none', 'HS256', 'RS256', 'ES256K']) {
    expect(outcome(signed({ ...header, alg }))).toBe('jws_alg_not_allowed')
  }
  expect(outcome(`${writeSigningInput(header, { client_id })}.`)).toBe('jws_malformed')
  expect(outcome(`${writeBase64urlText('{"alg":"none"}')}.${writeBase64urlText('{}')}.`)).toBe(
    'jws_alg_not_allowed',
  )
})

test('JAR-6.2-1 refuses a token that brings its own key', () => {
  expect(outcome(signed({ ...header, jwk: owner.publicJwk }))).toBe('jws_header_forbidden')
  expect(outcome(signed({ ...header, x5c: ['AA'] }))).toBe('jws_header_forbidden')
})

test('VP-5.9.3-3 names a key of the DID in the client_id, and no other', () => {
  expect(outcome(signed(header))).toBe('accepted')
  for (const other of ['did:example:1234#1', 'did:example:123', 'did:example:12#1', '#1', '1']) {
    expect(outcome(signed({ ...header, kid: other }))).toBe('message_malformed')
  }
  const { kid: _, ...none } = header
  expect(outcome(signed(none))).toBe('message_malformed')
})

test('VP-5.10.1-4, VP-5.9-5, JAR-6.3-1 is of the verifier that the link names, prefix included', () => {
  for (const other of [
    'did:example:123',
    'decentralized_identifier:did:example:124',
    `${client_id} `,
    'x509_san_dns:did:example:123',
  ]) {
    expect(outcome(signed(header, { client_id: other }))).toBe('message_malformed')
  }
  expect(outcome(signed(header, {}))).toBe('message_malformed')
  expect(outcome(signed(header, { client_id: [client_id] }))).toBe('message_malformed')
})

test('VP-5.2-3 refuses a request object without client_id', () => {
  expect(outcome(signed(header, { iss: client_id }))).toBe('message_malformed')
})

test('VP-5.10.1-2 holds the nonce that the wallet sent', () => {
  const posted = { ...followed, request_uri_method: 'post', wallet_nonce: 'qPmxiNFCR3QTm19POc8u' } as const
  expect(outcome(signed(header, { client_id, wallet_nonce: posted.wallet_nonce }), posted)).toBe('accepted')
  for (const wallet_nonce of ['qPmxiNFCR3QTm19POc8v', '', null, ['qPmxiNFCR3QTm19POc8u']]) {
    expect(outcome(signed(header, { client_id, wallet_nonce }), posted)).toBe('message_malformed')
  }
  expect(outcome(signed(header), posted)).toBe('message_malformed')
})

test('no nonce is expected where none was sent', () => {
  const got = { ...followed, request_uri_method: 'get', wallet_nonce: 'qPmxiNFCR3QTm19POc8u' } as const
  expect(outcome(signed(header), got)).toBe('accepted')
  const withoutNonce = { ...followed, request_uri_method: 'post' } as const
  expect(outcome(signed(header), withoutNonce)).toBe('accepted')
})

test('VP-5-7, JAR-10.4-1 refuses a token of more than 65,536 characters', () => {
  expect(outcome(signed(header, { client_id, more: 'x'.repeat(50_000) }))).toBe('jws_too_large')
})

test('VP-5-7 refuses a payload that names a parameter twice', () => {
  const payload = `{"client_id":"${client_id}","nonce":"a","nonce":"b"}`
  const input = `${writeBase64urlText(JSON.stringify(header))}.${writeBase64urlText(payload)}`
  expect(outcome(writeJws(input, signer.sign(utf8(input))))).toBe('json_name_repeated')
})

test.each(jwsAlgorithms)(
  'JWT-3.1-1, JAR-6.2-1 a request by %s is taken only where that algorithm is',
  (alg) => {
    const { publicJwk, privateJwk } = keyPairFor(alg)
    const input = writeSigningInput({ ...header, alg }, { client_id })
    const token = writeJws(input, signerFor(alg, privateJwk).sign(utf8(input)))
    expect(checkSignatures([checkOf(readRequestObjectJwt(token, followed, [alg]).jws, publicJwk)])).toEqual([
      'valid',
    ])
    const others = jwsAlgorithms.filter((other) => other !== alg)
    expect(outcomeOf(() => readRequestObjectJwt(token, followed, others))).toBe('jws_alg_not_allowed')
  },
)
