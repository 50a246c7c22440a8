import { writeBase64urlText } from '@facet-id/credential/base64url'
import { readRequestUriRequest, writeRequestLink } from '@facet-id/protocol/openid4vp'
import { keyPair, outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { identity, sign } from '../identity.test-support.ts'
import { json, NOW } from '../issuer.test-support.ts'
import {
  CLIENT_ID,
  personQuery,
  type RequestChanges,
  STATE,
  testVerifier,
  VERIFIER,
  verifierIdentity,
} from '../verifier.test-support.ts'
import { world } from '../wallet.test-support.ts'

const FETCHED = [`GET ${VERIFIER}/requests/0`]
const stranger = identity()
const html = { 'content-type': 'text/html' }
const jwt = { 'content-type': 'application/oauth-authz-req+jwt' }

const unproven: readonly [what: string, code: string, changes: RequestChanges][] = [
  [
    'JAR-6.2-1 a request whose signature is not by the key that it names',
    'request_not_authentic',
    { by: { ...verifierIdentity, keys: stranger.keys } },
  ],
  [
    'JAR-6.2-1 a request that was changed after it was signed',
    'request_not_authentic',
    { object: (token) => ({ status: 200, headers: jwt, body: withOtherPayload(token) }) },
  ],
  ['VP-5.9.3-3 a request signed by a key of another DID', 'message_malformed', { by: stranger }],
  [
    'VP-5.9.3-3 a request whose kid names a key that its verifier has not got',
    'request_not_authentic',
    { header: { kid: `${verifierIdentity.did}#1` } },
  ],
  ['VP-5.9.3-3 a request that names no key', 'message_malformed', { header: { kid: undefined } }],
  ['VP-5.9.3-3 a key that its DID lists for encryption only', 'request_not_authentic', encryptionOnly()],
  [
    'VP-5.10.1-4 a request of another verifier than the link names',
    'message_malformed',
    { payload: { client_id: `decentralized_identifier:${stranger.did}` } },
  ],
  [
    'VP-5.10.1-4 a request whose client id lacks its prefix',
    'message_malformed',
    { payload: { client_id: verifierIdentity.did } },
  ],
  [
    'VP-5.10.1-4 a request under a link of another verifier',
    'message_malformed',
    { link: { client_id: `decentralized_identifier:${stranger.did}` } },
  ],
  ['VP-5-2 a request of another typ', 'jws_typ_unexpected', { header: { typ: 'JWT' } }],
  ['VP-5-2 a request without typ', 'jws_typ_unexpected', { header: { typ: undefined } }],
  ['JAR-6.2-1 a request signed by nobody', 'jws_alg_not_allowed', { header: { alg: 'none' } }],
  ['JAR-6.2-1 a request with a MAC', 'jws_alg_not_allowed', { header: { alg: 'HS256' } }],
  [
    'JAR-6.2-1 a request that brings its own key',
    'jws_header_forbidden',
    { header: { jwk: stranger.keys.publicJwk } },
  ],
  [
    'VP-5.1-4 a request signed by a key of its own client metadata',
    'request_not_authentic',
    {
      by: { ...verifierIdentity, keys: stranger.keys },
      payload: { client_metadata: { jwks: { keys: [{ ...stranger.keys.publicJwk, kid: '1' }] } } },
    },
  ],
  [
    'VP-5.10.2-1 a request that is not there',
    'refused_by_peer',
    { object: () => ({ status: 404, headers: {}, body: '' }) },
  ],
  [
    'VP-5.10.2-1 a request that its verifier refuses',
    'refused_by_peer',
    { object: () => json({ error: 'invalid_request' }, { status: 400 }) },
  ],
  [
    'VP-5.10.1-5 a request that stands elsewhere',
    'refused_by_peer',
    {
      object: (token) => ({
        status: 302,
        headers: { ...jwt, location: `${VERIFIER}/requests/0` },
        body: token,
      }),
    },
  ],
  [
    'VP-5.10.1-1 a request of another media type',
    'content_type_unexpected',
    { object: (token) => ({ status: 200, headers: html, body: token }) },
  ],
  [
    'a page in the place of a request',
    'jws_malformed',
    { object: () => ({ status: 200, headers: jwt, body: '<p>Hello</p>' }) },
  ],
  [
    'JAR-10.4-1 a request that is larger than is read',
    'jws_too_large',
    { payload: { more: 'A'.repeat(70_000) } },
  ],
]

for (const [what, code, changes] of unproven) {
  test(`${what} gets no answer, and nobody is asked`, async () => {
    const verifier = testVerifier()
    const { holder, sent, person } = world({ verifier })
    expect(await outcomeOf(() => holder.present(verifier.request(changes)))).toBe(code)
    expect(sent).toEqual(FETCHED)
    expect(person.presentations).toEqual([])
  })
}

test.each([
  ['is over', { exp: NOW - 30 }],
  ['is of the future', { iat: NOW + 31 }],
  ['is not for now', { iat: undefined, nbf: NOW + 31 }],
])('a request that %s is refused, and nothing is sent', async (_, payload) => {
  const { holder, verifier, sent, person } = world()
  expect(await outcomeOf(() => holder.present(verifier.request({ payload })))).toBe('request_expired')
  expect(sent).toEqual(FETCHED)
  expect(person.presentations).toEqual([])
})

test.each([{ exp: NOW - 29 }, { iat: NOW + 30 }, { nbf: NOW + 30 }, { iat: undefined, exp: undefined }])(
  'a request within the skew of two clocks is answered: %j',
  async (payload) => {
    const { holder, issuer, verifier } = world()
    await holder.accept(issuer.link)
    expect(await holder.present(verifier.request({ payload }))).toEqual({ accepted: true })
  },
)

test('VP-5.10-1, VP-5.10.1-2 where the link says POST, a fresh nonce is sent and must come back', async () => {
  const { holder, issuer, verifier, requests } = world()
  await holder.accept(issuer.link)
  requests.length = 0
  await holder.present(verifier.request({ method: 'post' }))
  await holder.present(verifier.request({ method: 'post' }))
  const nonces = requests
    .filter(({ url }) => url.includes('/requests/'))
    .map((request) => readRequestUriRequest(request).wallet_nonce)
  expect(nonces.map((nonce) => nonce?.length)).toEqual([22, 22])
  expect(new Set(nonces).size).toBe(2)
})

test.each([undefined, 'bm90IHRoZSBvbmU'])(
  'VP-5.10.1-2 a request with the wallet nonce %j stops it, and nothing more is sent',
  async (wallet_nonce) => {
    const { holder, verifier, sent } = world()
    const link = verifier.request({ method: 'post', payload: { wallet_nonce } })
    expect(await outcomeOf(() => holder.present(link))).toBe('message_malformed')
    expect(sent).toEqual([`POST ${VERIFIER}/requests/0`])
  },
)

const unanswerable: readonly [what: string, code: string, changes: RequestChanges, word?: string][] = [
  [
    'VP-14.7-1, VP-14.4-1 a request whose answer would go over plain http',
    'https_required',
    { payload: { response_uri: 'http://platform.example/responses/0' } },
  ],
  [
    'VP-14.4-1 a request whose answer would go to this machine',
    'https_required',
    { payload: { response_uri: 'http://localhost:3000/responses/0' } },
  ],
  [
    'VP-8.2-2 a request whose answer would go to an address with a fragment',
    'message_malformed',
    { payload: { response_uri: `${VERIFIER}/responses/0#x` } },
  ],
  [
    'VP-8.2-1 a request that says nowhere to answer',
    'message_malformed',
    { payload: { response_uri: undefined } },
  ],
  [
    'VP-8.3.1-2 a request that wants its answer encrypted, to nobody,',
    'message_malformed',
    { payload: { response_mode: 'direct_post.jwt' } },
    'invalid_request',
  ],
  [
    'VP-8.2-1 a request with a redirect_uri',
    'message_malformed',
    { payload: { redirect_uri: `${VERIFIER}/cb` } },
    'invalid_request',
  ],
  [
    'VP-5.2-1 a request without a nonce',
    'message_malformed',
    { payload: { nonce: undefined } },
    'invalid_request',
  ],
  [
    'VP-TD-4, VP-5-4 a request with transaction data',
    'transaction_data_invalid',
    { payload: { transaction_data: ['e30'] } },
    'invalid_transaction_data',
  ],
  [
    'a request that wants another response type',
    'feature_unsupported',
    { payload: { response_type: 'code' } },
    'unsupported_response_type',
  ],
  [
    'VP-5-5 a request that asks by scope',
    'feature_unsupported',
    { payload: { scope: 'person', dcql_query: undefined } },
    'invalid_request',
  ],
  [
    'VP-5-5 a request that asks for nothing',
    'message_malformed',
    { payload: { dcql_query: undefined } },
    'invalid_request',
  ],
  [
    'a request for a format that is not known here',
    'feature_unsupported',
    { query: { credentials: [personQuery(undefined, { format: 'mso_mdoc' })] } },
    'vp_formats_not_supported',
  ],
]

for (const [what, code, changes, word] of unanswerable) {
  const hears = word === undefined ? 'nothing' : word
  test(`${what} is refused, although it is proven: the verifier hears ${hears}, and nothing of the person`, async () => {
    const { holder, issuer, verifier, sent, person } = world()
    await holder.accept(issuer.link)
    sent.length = 0
    expect(await outcomeOf(() => holder.present(verifier.request(changes)))).toBe(code)
    expect(sent).toEqual(word === undefined ? FETCHED : [...FETCHED, `POST ${VERIFIER}/responses/0`])
    expect(verifier.answers).toEqual(word === undefined ? [] : [`error=${word}&state=${STATE}`])
    expect(person.presentations).toEqual([])
  })
}

test('a request that cannot be answered is refused in the same words where the verifier cannot be told', async () => {
  const { holder, verifier } = world()
  const payload = { transaction_data: ['e30'], response_uri: 'https://nowhere.example/responses' }
  expect(await outcomeOf(() => holder.present(verifier.request({ payload })))).toBe(
    'transaction_data_invalid',
  )
})

test('VP-5.10.1-3, JAR-6.3-1 parameters of the link count for nothing', async () => {
  const { holder, issuer, verifier } = world()
  await holder.accept(issuer.link)
  const link = `${verifier.request()}&response_uri=https%3A%2F%2Fthief.example&nonce=stolen&state=other&scope=all`
  expect(await holder.present(link)).toEqual({ accepted: true })
  expect(verifier.answers[0]).toContain(`&state=${STATE}`)
})

test('VP-5-3, VP-5-4, VP-5.11-1, VP-6-2 ignores who else it is said to come from, and what is not known', async () => {
  const { holder, issuer, verifier } = world()
  await holder.accept(issuer.link)
  const payload = {
    iss: 'https://other.example',
    verifier_info: [{ format: 'x', data: 'y' }],
    more: { a: [1] },
  }
  expect(await holder.present(verifier.request({ payload, query: { more: 1 } }))).toEqual({ accepted: true })
})

test.each([
  ['message_malformed', 'https://platform.example/?client_id=x'],
  ['jws_malformed', `openid4vp://?client_id=${CLIENT_ID}&request=e30`],
  ['request_not_authentic', `openid4vp://?client_id=${CLIENT_ID}&nonce=n`],
  ['https_required', link({ request_uri: 'http://platform.example/requests/0' })],
  ['https_required', link({ request_uri: 'http://127.0.0.1:3000/requests/0' })],
  ['request_not_authentic', link({ client_id: 'x509_san_dns:platform.example' })],
  ['request_not_authentic', link({ client_id: 'x509_hash:Uvo3HtuIxuhC92rShpgqcT3YXwrqRxWEviRiA0OZszk' })],
  ['request_not_authentic', link({ client_id: 'verifier_attestation:platform.example' })],
  ['request_not_authentic', link({ client_id: 'openid_federation:https://platform.example' })],
  ['request_not_authentic', link({ client_id: 'redirect_uri:https://platform.example/responses/0' })],
  ['request_not_authentic', link({ client_id: 'platform' })],
  ['message_malformed', link({ client_id: 'X509_HASH:Uvo3HtuIxuhC92rShpgqcT3YXwrqRxWEviRiA0OZszk' })],
  ['feature_unsupported', link({ client_id: 'https://platform.example' })],
  ['message_malformed', link({ client_id: 'origin:https://platform.example' })],
])('VP-8.5-8, VP-14.7-1 a link is refused with %s, and nothing is fetched: %s', async (code, refused) => {
  const { holder, sent } = world()
  expect(await outcomeOf(() => holder.present(refused))).toBe(code)
  expect(sent).toEqual([])
})

test('VP-14.7-1 plain http to this machine is taken in development mode, and to no other', async () => {
  const development = { scheme: 'https_or_loopback_http' } as const
  const { holder, sent } = world({ settings: development })
  const here = link({ request_uri: 'http://127.0.0.1:3000/requests/0' })
  expect(await outcomeOf(() => holder.present(here))).toBe('peer_unreachable')
  expect(sent).toEqual(['GET http://127.0.0.1:3000/requests/0'])
  const there = link({ request_uri: 'http://platform.example/requests/0' })
  expect(await outcomeOf(() => holder.present(there))).toBe('https_required')
})

function link(changes: { readonly client_id?: string; readonly request_uri?: string }): string {
  return writeRequestLink({ client_id: CLIENT_ID, request_uri: `${VERIFIER}/requests/0`, ...changes })
}

/** A did:jwk whose key is for encryption may not sign. */
function encryptionOnly(): RequestChanges {
  const keys = keyPair()
  const did = `did:jwk:${writeBase64urlText(JSON.stringify({ ...keys.publicJwk, use: 'enc' }))}`
  const client_id = `decentralized_identifier:${did}`
  return { by: { did, kid: `${did}#0`, keys }, link: { client_id }, payload: { client_id } }
}

function withOtherPayload(token: string): string {
  const [header, , signature] = token.split('.')
  const [, payload] = sign({}, { client_id: CLIENT_ID, state: 'other' }, stranger).split('.')
  return [header, payload, signature].join('.')
}
