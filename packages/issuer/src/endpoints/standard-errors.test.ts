/**
 * What a wallet can do wrong, endpoint by endpoint, and what the standards say that it hears: status, code and headers,
 * and that nothing was spent for it.
 */
import { readErrorResponse, readTokenResponse } from '@facet-id/protocol/oauth'
import { authorizationUrl, pushedAuthorizationRequest } from '@facet-id/protocol/oauth/authorization'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { keyPair } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import {
  collecting,
  DEFERRED,
  issuerKey,
  NOTIFICATION,
  requestWith,
  tokenOf,
} from '../access.test-support.ts'
import type { AuthorizationSettings } from '../authorization/authorization-settings.ts'
import { believing, withAttestation, withProof } from '../bound.test-support.ts'
import { AUTHORIZE, asking, askingWorld, codeFrom, PAR, redeeming, WALLET } from '../browser.test-support.ts'
import { askToken, CREDENTIAL, NONCE, proofOf, TOKEN } from '../wallet.test-support.ts'
import { ISSUER, person, type World } from '../world.test-support.ts'

const REVOKE = `${ISSUER}/revoke`

/** An issuer that has every endpoint, and keys to encrypt to. */
const everything = (authorization: Partial<AuthorizationSettings> = {}): World =>
  askingWorld(
    { refreshLifetime: 3600, ...authorization },
    {
      settings: {
        notifications: true,
        configurations: {
          person,
          member: { ...person, scope: 'member', vct: 'urn:facet:test:member' },
          slow: { ...person, scope: 'slow', approval: 'required' },
        },
      },
      ports: { ...believing, encryption: issuerKey().encryption },
    },
  )

type Build = (here: World) => WireRequest | Promise<WireRequest>
type Row = [ids: string, what: string, build: Build, heard: string, headers?: Record<string, string | RegExp>]

const form = (url: string, parameters: Readonly<Record<string, string>> | string): WireRequest => ({
  method: 'POST',
  url,
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: typeof parameters === 'string' ? parameters : new URLSearchParams(parameters).toString(),
})

const json = (request: WireRequest, change: object): WireRequest => ({
  ...request,
  body: JSON.stringify({ ...JSON.parse(request.body ?? '{}'), ...change }),
})

const withHeaders = (request: WireRequest, headers: WireRequest['headers']): WireRequest => ({
  ...request,
  headers: { ...request.headers, ...headers },
})

const PRE = 'urn:ietf:params:oauth:grant-type:pre-authorized_code'
const details = (entries: unknown): string => JSON.stringify(entries)

const token: readonly Row[] = [
  ['VCI-6.1-1', 'names no grant', () => form(TOKEN, { code: 'x' }), '400 invalid_request'],
  [
    'VCI-6.1-1',
    'names two grants',
    () => form(TOKEN, `grant_type=${PRE}&grant_type=${PRE}`),
    '400 invalid_request',
  ],
  [
    'VCI-6.1-1',
    'names an unknown grant',
    () => form(TOKEN, { grant_type: 'password' }),
    '400 unsupported_grant_type',
  ],
  ['VCI-6.1-1', 'brings no code', () => form(TOKEN, { grant_type: PRE }), '400 invalid_request'],
  [
    'VCI-6.1-1',
    'is JSON',
    () => ({ ...form(TOKEN, '{}'), headers: { 'content-type': 'application/json' } }),
    '400 invalid_request',
  ],
  [
    'VCI-6.3-2',
    'brings an unknown code',
    () => form(TOKEN, { grant_type: PRE, 'pre-authorized_code': 'A'.repeat(43) }),
    '400 invalid_grant',
  ],
  [
    'VCI-6.3-1',
    'lacks the transaction code',
    async (here) => askToken(await here.offer(), { tx_code: undefined }),
    '400 invalid_request',
  ],
  [
    'VCI-6.3-1',
    'has a transaction code that nobody wants',
    async (here) => askToken(await here.offer({ txCodeLength: 0 }), { tx_code: '123456' }),
    '400 invalid_request',
  ],
  ['VCI-6.3-2', 'has an unknown authorization code', () => redeeming('A'.repeat(43)), '400 invalid_grant'],
  [
    'PKCE-4.6-1',
    'has another verifier',
    async (here) => redeeming(await codeFrom(here), { code_verifier: 'x'.repeat(43) }),
    '400 invalid_grant',
  ],
  [
    'OAS-4-2',
    'has another redirect_uri',
    async (here) => redeeming(await codeFrom(here), { redirect_uri: 'https://wallet.example/other' }),
    '400 invalid_grant',
  ],
  [
    'OAS-6-1',
    'is of an unknown client',
    async (here) => redeeming(await codeFrom(here), { client_id: 'nobody' }),
    '401 invalid_client',
  ],
  [
    'OAS-6-2',
    'has a client assertion that is none',
    async (here) => {
      const request = redeeming(await codeFrom(here))
      const type = encodeURIComponent('urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
      return { ...request, body: `${request.body}&client_assertion=x&client_assertion_type=${type}` }
    },
    '401 invalid_client',
  ],
  [
    'OAS-5-2',
    'has an unknown refresh token',
    () => form(TOKEN, { grant_type: 'refresh_token', refresh_token: 'A'.repeat(43), client_id: WALLET }),
    '400 invalid_grant',
  ],
  [
    'OAS-5-1',
    'wants more than was granted',
    async (here) => {
      const { refresh_token = '' } = readTokenResponse(await here.send(redeeming(await codeFrom(here))))
      return form(TOKEN, { grant_type: 'refresh_token', refresh_token, client_id: WALLET, scope: 'member' })
    },
    '400 invalid_scope',
  ],
  ...[
    ['are no JSON', 'x'],
    ['are no list', '{}'],
    ['are an empty list', '[]'],
    ['are of another type', details([{ type: 'payment' }])],
    ['name no configuration', details([{ type: 'openid_credential' }])],
    [
      'name an unknown configuration',
      details([{ type: 'openid_credential', credential_configuration_id: 'x' }]),
    ],
    [
      'are for another issuer',
      details([
        {
          type: 'openid_credential',
          credential_configuration_id: 'person',
          locations: ['https://other.example'],
        },
      ]),
    ],
  ].map(
    ([what, authorization_details = '']): Row => [
      'VCI-5.1.1-1',
      `has details that ${what}`,
      async (here) => {
        const request = askToken(await here.offer())
        return { ...request, body: `${request.body}&${new URLSearchParams({ authorization_details })}` }
      },
      '400 invalid_authorization_details',
    ],
  ),
  [
    'DPOP-4.3-1',
    'has a DPoP proof that is none',
    async (here) => withHeaders(askToken(await here.offer()), { dpop: 'x' }),
    '400 invalid_dpop_proof',
  ],
  [
    'DPOP-8-1',
    'has a DPoP proof without nonce',
    async (here) => withProof(here, askToken(await here.offer()), { key: keyPair() }),
    '400 use_dpop_nonce',
    { 'dpop-nonce': /./ },
  ],
  [
    'DPOP-8-2',
    'has a DPoP proof with a nonce of nobody',
    async (here) => withProof(here, askToken(await here.offer()), { key: keyPair(), nonce: 'A'.repeat(43) }),
    '400 use_dpop_nonce',
    { 'dpop-nonce': /./ },
  ],
  [
    'ABCA-7.1-1',
    'is attested by nobody who is believed',
    async (here) =>
      withAttestation(here, askToken(await here.offer()), {
        clientId: WALLET,
        instance: keyPair(),
        by: keyPair(),
      }),
    '401 invalid_client',
  ],
  [
    'PAR-2.3-1',
    'comes with GET',
    () => ({ method: 'GET', url: TOKEN, headers: {} }),
    '405 invalid_request',
    { allow: 'POST' },
  ],
]

const pushing = (changes: Record<string, string | undefined>): WireRequest =>
  pushedAuthorizationRequest(PAR, { ...asking, ...changes } as never)

const pushed: readonly Row[] = [
  ['PAR-2.1-1', 'has a request_uri', () => pushing({ request_uri: 'urn:x' }), '400 invalid_request'],
  ['PAR-3-1', 'has a request object', () => pushing({ request: 'e30.e30.' }), '400 request_not_supported'],
  ['RES-2-1', 'is for another', () => pushing({ resource: 'https://evil.example' }), '400 invalid_target'],
  ['PAR-2.1-2', 'has no response_type', () => form(PAR, { client_id: WALLET }), '400 invalid_request'],
  [
    'PAR-2.1-2',
    'wants a token at once',
    () => pushing({ response_type: 'token' }),
    '400 unsupported_response_type',
  ],
  ['PAR-2.1-2', 'is of an unknown client', () => pushing({ client_id: 'nobody' }), '401 invalid_client'],
  [
    'BCP-2.1-1',
    'goes back elsewhere',
    () => pushing({ redirect_uri: 'https://evil.example' }),
    '400 invalid_request',
  ],
  [
    'PKCE-4.2-1',
    'has a plain challenge',
    () => pushing({ code_challenge_method: 'plain' }),
    '400 invalid_request',
  ],
  ['PKCE-4.4.1-1', 'has no challenge', () => form(PAR, withoutChallenge()), '400 invalid_request'],
  ['VCI-5.1.2-2', 'asks for unknown scopes alone', () => pushing({ scope: 'x y' }), '400 invalid_scope'],
  [
    'VCI-5.1.1-1',
    'has details of an unknown configuration',
    () => {
      const request = pushing({ scope: undefined })
      const more = new URLSearchParams({
        authorization_details: details([{ type: 'openid_credential', credential_configuration_id: 'x' }]),
      })
      return { ...request, body: `${request.body?.replace(/scope=[^&]*&?/, '')}&${more}` }
    },
    '400 invalid_authorization_details',
  ],
  [
    'DPOP-8-1',
    'has a DPoP proof without nonce',
    (here) => withProof(here, pushing({}), { key: keyPair() }),
    '400 use_dpop_nonce',
    { 'dpop-nonce': /./ },
  ],
  [
    'PAR-2.3-1',
    'is JSON',
    () => ({ ...pushing({}), headers: { 'content-type': 'application/json' } }),
    '400 invalid_request',
  ],
  [
    'PAR-2.3-1',
    'comes with GET',
    () => ({ method: 'GET', url: PAR, headers: {} }),
    '405 invalid_request',
    { allow: 'POST' },
  ],
]

function withoutChallenge(): Record<string, string> {
  const { response_type, client_id, redirect_uri = '', scope = '' } = asking
  return { response_type, client_id, redirect_uri, scope }
}

const credential =
  (change: (proofs: readonly string[]) => object): Build =>
  async (here) => {
    const { request } = await requestWith(here, await tokenOf(here))
    const { proofs } = JSON.parse(request.body ?? '')
    return json(request, change(proofs.jwt))
  }

const proving =
  (claims: Partial<Parameters<typeof proofOf>[1]>, sign = true): Build =>
  async (here) => {
    const { request } = await requestWith(here, await tokenOf(here))
    const keys = keyPair()
    const nonce = JSON.parse((await here.send({ method: 'POST', url: NONCE, headers: {} })).body).c_nonce
    const jwt = proofOf(keys, { nonce, issuedAt: here.time.now(), ...claims }, sign ? keys : keyPair())
    return json(request, { proofs: { jwt: [jwt] } })
  }

const challenge = (value: string): Record<string, string> => ({ 'www-authenticate': value })

const credentials: readonly Row[] = [
  [
    'VCI-8.3.1-1',
    'has an unknown token',
    async (here) => (await requestWith(here, 'A'.repeat(43))).request,
    '401 invalid_token',
    challenge('Bearer error="invalid_token"'),
  ],
  [
    'VCI-8.3.1-1',
    'has a token twice',
    async (here) =>
      withHeaders((await requestWith(here, 'x')).request, { authorization: 'Bearer a, Bearer b' }),
    '400 invalid_request',
    challenge('Bearer error="invalid_request"'),
  ],
  [
    'DPOP-7.2-1',
    'has a bound token as a bearer token',
    async (here) => (await requestWith(here, await tokenOf(here, { jkt: 'A'.repeat(43) }))).request,
    '401 invalid_token',
    challenge('Bearer error="invalid_token"'),
  ],
  [
    'DPOP-9-1',
    'has a DPoP proof without nonce',
    async (here) => {
      const key = keyPair()
      const bound = await tokenOf(here, { jkt: 'A'.repeat(43) })
      return withProof(here, (await requestWith(here, bound)).request, { key, accessToken: bound })
    },
    '401 use_dpop_nonce',
    { 'www-authenticate': /^DPoP error="use_dpop_nonce", algs="/, 'dpop-nonce': /./ },
  ],
  [
    'VCI-8.3.1-1',
    'asks for what the token is not good for',
    credential(() => ({ credential_configuration_id: 'member' })),
    '403 insufficient_scope',
    challenge('Bearer error="insufficient_scope"'),
  ],
  [
    'VCI-8.2-1',
    'is a form',
    async (here) =>
      withHeaders((await requestWith(here, await tokenOf(here))).request, {
        'content-type': 'application/x-www-form-urlencoded',
      }),
    '400 invalid_credential_request',
  ],
  [
    'VCI-8.3.1-3',
    'is no JSON',
    async (here) => ({ ...(await requestWith(here, await tokenOf(here))).request, body: '{' }),
    '400 invalid_credential_request',
  ],
  [
    'VCI-8.3.1-3',
    'is a list',
    async (here) => ({ ...(await requestWith(here, await tokenOf(here))).request, body: '[]' }),
    '400 invalid_credential_request',
  ],
  [
    'VCI-8.3.1-3',
    'has a member twice',
    async (here) => {
      const { request } = await requestWith(here, await tokenOf(here))
      return {
        ...request,
        body: request.body?.replace('{', '{"credential_configuration_id":"person",') ?? '',
      }
    },
    '400 invalid_credential_request',
  ],
  [
    'VCI-8.2-4',
    'names nothing',
    credential(() => ({ credential_configuration_id: undefined })),
    '400 invalid_credential_request',
  ],
  [
    'VCI-8.2-4',
    'names it in both ways',
    credential(() => ({ credential_identifier: 'x' })),
    '400 invalid_credential_request',
  ],
  [
    'VCI-8.3.1-4',
    'names an unknown configuration',
    credential(() => ({ credential_configuration_id: 'x' })),
    '400 unknown_credential_configuration',
  ],
  [
    'VCI-8.3.1-5',
    'names an unknown identifier',
    credential(() => ({ credential_configuration_id: undefined, credential_identifier: 'x' })),
    '400 unknown_credential_identifier',
  ],
  ['VCI-8.3.1-6', 'has no proofs', credential(() => ({ proofs: undefined })), '400 invalid_proof'],
  [
    'VCI-8.2-6',
    'has proofs of two types',
    credential((jwt) => ({ proofs: { jwt, attestation: ['x'] } })),
    '400 invalid_proof',
  ],
  ['VCI-8.2-6', 'has proofs of no type', credential(() => ({ proofs: {} })), '400 invalid_proof'],
  [
    'VCI-8.2-6',
    'has an empty list of proofs',
    credential(() => ({ proofs: { jwt: [] } })),
    '400 invalid_proof',
  ],
  [
    'VCI-8.2-6',
    'has a proof that is no list',
    credential(([jwt]) => ({ proofs: { jwt } })),
    '400 invalid_proof',
  ],
  [
    'VCI-8.3.1-6',
    'has proofs of a type that is not taken',
    credential(() => ({ proofs: { di_vp: [{}] } })),
    '400 invalid_credential_request',
  ],
  [
    'VCI-12.2.4-17',
    'has more proofs than a batch has',
    credential(([jwt = '']) => ({ proofs: { jwt: Array.from({ length: 200 }, () => jwt) } })),
    '400 invalid_credential_request',
  ],
  ['VCI-F.1-9', 'has a proof without nonce', proving({ nonce: undefined as never }), '400 invalid_proof'],
  [
    'VCI-8.3.1-7',
    'has a proof with a nonce of nobody',
    proving({ nonce: 'A'.repeat(43) }),
    '400 invalid_nonce',
  ],
  [
    'VCI-F.1-7',
    'has a proof for another',
    proving({ audience: 'https://other.example' }),
    '400 invalid_proof',
  ],
  [
    'VCI-F.1-12',
    'has a proof of the day before',
    async (here) => proving({ issuedAt: here.time.now() - 86_400 })(here),
    '400 invalid_proof',
  ],
  ['VCI-F.1-10', 'has a proof that another key signed', proving({}, false), '400 invalid_proof'],
  [
    'VCI-8.2-13',
    'names a key for the answer, in the clear',
    credential(() => ({ credential_response_encryption: { jwk: {}, enc: 'A256GCM' } })),
    '400 invalid_encryption_parameters',
  ],
  [
    'VCI-8.3.1-8',
    'is encrypted to nobody',
    async (here) =>
      withHeaders(
        { ...(await requestWith(here, await tokenOf(here))).request, body: 'e30....' },
        { 'content-type': 'application/jwt' },
      ),
    '400 invalid_encryption_parameters',
  ],
  [
    'VCI-8-1',
    'comes with GET',
    () => ({ method: 'GET', url: CREDENTIAL, headers: {} }),
    '405 invalid_request',
    { allow: 'POST' },
  ],
]

const deferred: readonly Row[] = [
  [
    'VCI-9-1',
    'has an unknown token',
    () => collecting('A'.repeat(43), 'x'),
    '401 invalid_token',
    challenge('Bearer error="invalid_token"'),
  ],
  [
    'VCI-9.1-1',
    'names no transaction',
    async (here) => ({ ...collecting(await tokenOf(here), 'x'), body: '{}' }),
    '400 invalid_credential_request',
  ],
  [
    'VCI-9.1-1',
    'names a number',
    async (here) => ({ ...collecting(await tokenOf(here), 'x'), body: '{"transaction_id":1}' }),
    '400 invalid_credential_request',
  ],
  [
    'VCI-9.1-1',
    'is a form',
    async (here) =>
      withHeaders(collecting(await tokenOf(here), 'x'), {
        'content-type': 'application/x-www-form-urlencoded',
      }),
    '400 invalid_credential_request',
  ],
  [
    'VCI-9.3-1',
    'names an unknown transaction',
    async (here) => collecting(await tokenOf(here), 'A'.repeat(43)),
    '400 invalid_transaction_id',
  ],
  [
    'VCI-9.1-2',
    'names a key for the answer, in the clear',
    async (here) =>
      json(collecting(await tokenOf(here), 'x'), {
        credential_response_encryption: { jwk: {}, enc: 'A256GCM' },
      }),
    '400 invalid_encryption_parameters',
  ],
  [
    'VCI-9.1-1',
    'comes with GET',
    () => ({ method: 'GET', url: DEFERRED, headers: {} }),
    '405 invalid_request',
    { allow: 'POST' },
  ],
]

const told = async (here: World, body: object): Promise<WireRequest> => ({
  method: 'POST',
  url: NOTIFICATION,
  headers: { 'content-type': 'application/json', authorization: `Bearer ${await tokenOf(here)}` },
  body: JSON.stringify(body),
})

const notification: readonly Row[] = [
  [
    'VCI-11-1',
    'has an unknown token',
    async (here) => withHeaders(await told(here, {}), { authorization: `Bearer ${'A'.repeat(43)}` }),
    '401 invalid_token',
    challenge('Bearer error="invalid_token"'),
  ],
  [
    'VCI-11.1-1',
    'names nothing',
    (here) => told(here, { event: 'credential_accepted' }),
    '400 invalid_notification_request',
  ],
  [
    'VCI-11.1-1',
    'tells nothing',
    (here) => told(here, { notification_id: 'x' }),
    '400 invalid_notification_request',
  ],
  [
    'VCI-11.1-1',
    'tells of an unknown event',
    (here) => told(here, { notification_id: 'x', event: 'Credential_Accepted' }),
    '400 invalid_notification_request',
  ],
  [
    'VCI-11.1-1',
    'has a description with quotes',
    (here) => told(here, { notification_id: 'x', event: 'credential_failure', event_description: '"' }),
    '400 invalid_notification_request',
  ],
  [
    'VCI-11.3-1',
    'names what was not given out',
    (here) => told(here, { notification_id: 'x', event: 'credential_failure' }),
    '400 invalid_notification_id',
  ],
]

const other: readonly Row[] = [
  [
    'VCI-7.1-1',
    'for a nonce comes with GET',
    () => ({ method: 'GET', url: NONCE, headers: {} }),
    '405 invalid_request',
    { allow: 'POST' },
  ],
  ['REV-2.1-1', 'to revoke names no token', () => form(REVOKE, { client_id: WALLET }), '400 invalid_request'],
  [
    'REV-2.1-1',
    'to revoke is JSON',
    () => ({ ...form(REVOKE, '{}'), headers: { 'content-type': 'application/json' } }),
    '400 invalid_request',
  ],
  [
    'REV-2.1-3',
    'to revoke is of another client than has the token',
    async (here) => form(REVOKE, { client_id: 'nobody', token: await tokenOf(here, { clientId: WALLET }) }),
    '400 invalid_grant',
  ],
  [
    'VCI-8-1',
    'to nowhere',
    () => ({ method: 'POST', url: `${ISSUER}/nowhere`, headers: {} }),
    '404 invalid_request',
  ],
]

const tables: readonly (readonly [endpoint: string, rows: readonly Row[]])[] = [
  ['a token request that', token],
  ['a pushed request that', pushed],
  ['a credential request that', credentials],
  ['a request for what was promised that', deferred],
  ['a notification that', notification],
  ['a request', other],
]

for (const [endpoint, rows] of tables) {
  test.each<Row>([...rows])(
    `%s ${endpoint} %s hears what the standard says`,
    async (_, __, build, heard, headers = {}) => {
      const here = everything()
      const request = await build(here)
      const before = await here.state.rests()
      const response = await here.send(request)
      expect(saidBy(response)).toBe(heard)
      expect(response.headers).toMatchObject({
        'content-type': 'application/json',
        'cache-control': 'no-store',
      })
      for (const [name, value] of Object.entries(headers))
        expect(response.headers[name]).toMatch(exactly(value))
      if (headers['www-authenticate'] === undefined)
        expect(response.headers).not.toHaveProperty('www-authenticate')
      expect(readErrorResponse(response).error_description).toMatch(/^[\x20\x21\x23-\x5B\x5D-\x7E]+$/)
      expect(response.body).not.toMatch(/c_nonce|Eriksson/)
      expect(await here.state.rests()).toEqual(before)
    },
  )
}

function saidBy(response: WireResponse): string {
  const { status, error } = readErrorResponse(response)
  return `${status} ${error}`
}

function exactly(value: string | RegExp): RegExp {
  return typeof value === 'string' ? new RegExp(`^${value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`) : value
}

test.each([CREDENTIAL, DEFERRED, NOTIFICATION])(
  'VCI-8.3.1-1 whoever comes to %s without a token is challenged, and told no code',
  async (url) => {
    const response = await everything().send({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/json' },
      body: '{}',
    })
    expect([response.status, response.body]).toEqual([401, ''])
    expect(response.headers['www-authenticate']).toMatch(/^Bearer, DPoP algs="/)
  },
)

test.each<[string, Record<string, string | undefined>, string]>([
  ['VCI-5.2-1', { response_type: 'token' }, 'unsupported_response_type'],
  ['VCI-5.2-1', { response_type: undefined }, 'invalid_request'],
  ['PKCE-4.4.1-1', { code_challenge: undefined, code_challenge_method: undefined }, 'invalid_request'],
  ['PKCE-4.2-1', { code_challenge_method: 'plain' }, 'invalid_request'],
  ['VCI-5.1.2-2', { scope: 'x' }, 'invalid_scope'],
  ['VCI-5.1.1-1', { authorization_details: '[{"type":"payment"}]' }, 'invalid_authorization_details'],
  ['PAR-3-1', { request: 'e30.e30.' }, 'request_not_supported'],
  ['RES-2-1', { resource: 'https://evil.example' }, 'invalid_target'],
  ['VCI-5.1.3-1', { issuer_state: 'nobody' }, 'invalid_request'],
])(
  '%s, ISS-2-1 a browser with %j is sent back with %s, the state and whose answer it is',
  async (_, changes, error) => {
    const here = everything()
    const query = Object.fromEntries(
      Object.entries({ ...asking, ...changes }).filter(([, value]) => value !== undefined),
    ) as Record<string, string>
    const response = await here.send({
      method: 'GET',
      url: `${AUTHORIZE}?${new URLSearchParams(query)}`,
      headers: {},
    })
    expect(response.status).toBe(303)
    const back = new URL(response.headers.location ?? '')
    expect(`${back.origin}${back.pathname}`).toBe(asking.redirect_uri)
    const { error_description, ...said } = Object.fromEntries(back.searchParams)
    expect(said).toEqual({ error, state: 'xyz', iss: ISSUER })
    expect(error_description).toMatch(/^[\x20\x21\x23-\x5B\x5D-\x7E]+$/)
  },
)

test.each<[string, Record<string, string>]>([
  ['another client', { client_id: 'nobody' }],
  ['another address', { redirect_uri: 'https://evil.example' }],
])('BCP-2.1-2 with %s %j a browser is sent nowhere, and the person is told', async (_, changes) => {
  const here = everything()
  const url = authorizationUrl(AUTHORIZE, { ...asking, ...changes })
  const response = await here.send({ method: 'GET', url, headers: {} })
  expect(response.status).toBe(400)
  expect(response.headers).not.toHaveProperty('location')
  expect(response.headers['content-type']).toMatch(/^text\/html/)
})

test('VCI-6.3-3 where wallets must be attested nobody comes without: invalid_client, and metadata does not promise otherwise', async () => {
  const here = everything({ clientAttestation: 'required' })
  for (const request of [askToken(await here.offer()), pushing({})]) {
    expect(saidBy(await here.send(request))).toBe('401 invalid_client')
  }
  const url = 'https://issuer.example/.well-known/oauth-authorization-server/utopia'
  const metadata = JSON.parse((await here.send({ method: 'GET', url, headers: {} })).body)
  expect(metadata['pre-authorized_grant_anonymous_access_supported']).not.toBe(true)
  const open = everything()
  const other = JSON.parse((await open.send({ method: 'GET', url, headers: {} })).body)
  expect(other['pre-authorized_grant_anonymous_access_supported']).toBe(true)
  expect((await open.send(askToken(await open.offer()))).status).toBe(200)
})
