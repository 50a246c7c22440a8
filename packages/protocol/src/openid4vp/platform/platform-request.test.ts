import { utf8 } from '@facet-id/credential/base64url'
import { checkOf, writeJws, writeSigningInput } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import { checkSignatures, keyPair, outcomeOf, signerOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { type RequestObject, readRequestObject } from '../request/request-object.ts'
import { writeRequestObjectInput, writeSignerInput } from '../request/request-object-jwt.ts'
import {
  multisignedPlatformRequest,
  type ReadPlatformRequest,
  readPlatformRequest,
  signedPlatformRequest,
  unsignedPlatformRequest,
} from './platform-request.ts'

const client_id = 'decentralized_identifier:did:example:123'
const kid = 'did:example:123#1'
const owner = keyPair()
const signer = signerOf(owner.privateJwk)
const sign = (input: string): string => writeJws(input, signer.sign(utf8(input)))

const request: RequestObject = {
  aud: 'https://self-issued.me/v2',
  response_type: 'vp_token',
  response_mode: 'dc_api',
  nonce: 'n-0S6_WzA2Mj',
  dcql_query: {
    credentials: [{ id: 'p', format: 'dc+sd-jwt', meta: { vct_values: ['urn:facet:person:1'] } }],
  },
  expected_origins: ['https://verifier.example'],
}
const { expected_origins, ...unsigned } = request

const header = { alg: 'ES256', kid } as const
const read = ({ protocol, data }: { protocol: string; data: JsonObject }): ReadPlatformRequest =>
  readPlatformRequest(protocol, data)

function signedOf(of: ReadPlatformRequest) {
  if (!of.signed) throw new Error('the request is not signed')
  return of
}

test('VP-A.2-2, VP-A.2-3 an unsigned request has no client and no origins, and what is there for them is ignored', () => {
  const written = unsignedPlatformRequest({ ...request, client_id, state: 'a' })
  expect(written.protocol).toBe('openid4vp-v1-unsigned')
  expect(Object.keys(written.data)).toEqual(['response_type', 'response_mode', 'nonce', 'dcql_query'])
  const stray = { ...written.data, client_id: 'x509_hash:x', expected_origins: 1, state: ' ', more: 1 }
  const again = read({ ...written, data: stray })
  expect(again).toEqual({ signed: false, payload: { ...written.data, more: 1 } })
  expect(again.signed ? undefined : readRequestObject(again)).toEqual(unsigned)
})

test('VP-A.1-1, VP-A.2-2, DCAPI-6 a signed request names its client in what was signed', () => {
  const token = sign(writeRequestObjectInput({ ...request, client_id }, header))
  const written = signedPlatformRequest(token)
  expect(written).toEqual({ protocol: 'openid4vp-v1-signed', data: { request: token } })
  const [jwt] = signedOf(read(written)).requests
  expect(jwt?.clientId.full).toBe(client_id)
  expect(jwt && readRequestObject(jwt)).toEqual({ ...request, client_id })
  expect(jwt && checkSignatures([checkOf(jwt.jws, owner.publicJwk)])).toEqual(['valid'])
  const nameless = signedPlatformRequest(sign(writeRequestObjectInput(request, header)))
  expect(outcomeOf(() => read(nameless))).toBe('message_malformed')
})

test('VP-A.2-5 ignores a state, and whatever else is not defined here', () => {
  const object: RequestObject = { ...request, client_id, state: 'af0ifjsldkj', wallet_nonce: 'n' }
  const [jwt] = signedOf(read(signedPlatformRequest(sign(writeRequestObjectInput(object, header))))).requests
  expect(jwt && readRequestObject(jwt)).toEqual({ ...request, client_id })
})

const others = { client_id: 'x509_san_dns:verifier.example' }
const tokens = [
  sign(writeSignerInput(request, { client_id }, header)),
  sign(writeSignerInput(request, others, { alg: 'ES256', x5c: ['MAA='] })),
]

test('VP-A.3-1 of several signers each says in its header who it is, and all have signed the rest', () => {
  const written = multisignedPlatformRequest(tokens)
  const { payload, signatures } = written.data.request as { payload: string; signatures: object[] }
  expect(signatures).toHaveLength(2)
  expect(JSON.parse(atob(payload))).not.toHaveProperty('client_id')
  const { requests, unread } = signedOf(read(written))
  expect(unread).toEqual([])
  expect(requests.map(({ clientId, key }) => [clientId.prefix, key.by])).toEqual([
    ['decentralized_identifier', 'did'],
    ['x509_san_dns', 'certificate'],
  ])
  expect(requests.map((jwt) => readRequestObject(jwt).client_id)).toEqual([client_id, others.client_id])
  expect(requests.map((jwt) => checkSignatures([checkOf(jwt.jws, owner.publicJwk)])[0])).toEqual([
    'valid',
    'valid',
  ])
})

test('VP-A.3-1 refuses what only each signer may say in what all have signed', () => {
  for (const shared of [{ client_id }, { verifier_info: [] }]) {
    const head = { typ: 'oauth-authz-req+jwt', ...header, client_id }
    const token = sign(writeSigningInput(head, { ...JSON.parse(JSON.stringify(request)), ...shared }))
    expect(outcomeOf(() => read(multisignedPlatformRequest([token])))).toBe('message_malformed')
  }
})

test('VP-A.3-2 passes over signatures that cannot be read, unless that is all of them', () => {
  const [good = ''] = tokens
  const wrong = sign(writeSignerInput(request, { client_id: 'origin:https://verifier.example' }, header))
  const { requests, unread } = signedOf(read(multisignedPlatformRequest([wrong, good])))
  expect([requests.length, unread.length]).toEqual([1, 1])
  expect(outcomeOf(() => read(multisignedPlatformRequest([wrong, wrong])))).toBe('message_malformed')
})

test('VP-A.3-1 all signatures are over one payload', () => {
  const other = sign(writeSignerInput({ ...request, nonce: 'other' }, { client_id }, header))
  expect(outcomeOf(() => multisignedPlatformRequest([tokens[0] ?? '', other]))).toBe('message_malformed')
  expect(outcomeOf(() => multisignedPlatformRequest([]))).toBe('message_malformed')
})

const { payload, signatures } = multisignedPlatformRequest(tokens).data.request as {
  payload: string
  signatures: JsonObject[]
}
const [first = {}] = signatures

test.each<[what: string, protocol: string, data: JsonObject, code: string]>([
  ['another protocol', 'openid4vp', {}, 'feature_unsupported'],
  ['a protocol in another case', 'OpenID4VP-v1-signed', {}, 'feature_unsupported'],
  ['no request', 'openid4vp-v1-signed', {}, 'message_malformed'],
  ['a request that is no text', 'openid4vp-v1-signed', { request: {} }, 'message_malformed'],
  [
    'a text for several signatures',
    'openid4vp-v1-multisigned',
    { request: tokens[0] ?? '' },
    'message_malformed',
  ],
  [
    'no signatures',
    'openid4vp-v1-multisigned',
    { request: { payload, signatures: [] } },
    'message_malformed',
  ],
  ['no payload', 'openid4vp-v1-multisigned', { request: { signatures } }, 'message_malformed'],
  [
    'a header that nobody signed',
    'openid4vp-v1-multisigned',
    { request: { payload, signatures: [{ ...first, header: { client_id } }] } },
    'message_malformed',
  ],
  [
    'too many signatures',
    'openid4vp-v1-multisigned',
    { request: { payload, signatures: Array.from({ length: 9 }, () => first) } },
    'message_too_large',
  ],
])('VP-A.1-1, VP-A.3-1 refuses %s', (_, protocol, data, code) => {
  expect(outcomeOf(() => readPlatformRequest(protocol, data))).toBe(code)
})

test('VP-A.1-1, DCAPI-7 refuses data that are a text, as older drafts had them', () => {
  expect(outcomeOf(() => readPlatformRequest('openid4vp-v1-unsigned', '{}'))).toBe('message_malformed')
})

test('VP-5.9.3-7 refuses a client that calls itself an origin', () => {
  const origin = { ...request, client_id: 'origin:https://verifier.example' }
  const written = signedPlatformRequest(sign(writeRequestObjectInput(origin, header)))
  expect(outcomeOf(() => read(written))).toBe('message_malformed')
})
