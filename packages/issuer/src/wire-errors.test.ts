import { CredentialError } from '@facet-id/credential/error'
import { type ErrorResponse, readErrorResponse } from '@facet-id/protocol/oauth'
import { StoreError } from '@facet-id/store'
import { expect, test } from 'vitest'
import { IssuerError } from './error.ts'
import { askToken, ready, tokenFor } from './wallet.test-support.ts'
import { type ErrorsOf, refusal, wireErrors } from './wire-errors.ts'
import { world } from './world.test-support.ts'

const codes = Object.keys(wireErrors)
const hostile = 'Say "hello" to C:\\ and to \u0000 Zoë \u{1F600}'

class Coded extends Error {
  readonly code: string

  constructor(code: string, message = hostile) {
    super(message)
    this.code = code
  }
}

/** RFC 6749 §5.2 and §4.1.2.1, which have words for a server's own trouble. */
const ours = { 500: ['server_error'], 503: ['temporarily_unavailable'] }

const standard: Record<ErrorsOf, Readonly<Record<number, readonly string[]>>> = {
  // RFC 6749 §5.2, OpenID4VCI 1.0 §6.3.
  token: {
    ...ours,
    400: [
      'invalid_request',
      'invalid_grant',
      'unsupported_grant_type',
      'invalid_scope',
      'invalid_authorization_details',
      // RFC 8707 §2.
      'invalid_target',
      // RFC 9449 §5, §8, Attestation-Based Client Authentication §7.4.
      'invalid_dpop_proof',
      'use_dpop_nonce',
      'use_fresh_attestation',
      'use_attestation_challenge',
    ],
    401: ['invalid_client'],
  },
  // RFC 9126 §2.3, RFC 9396 §5.
  pushed: {
    ...ours,
    400: [
      'invalid_request',
      'unsupported_response_type',
      'invalid_scope',
      'invalid_authorization_details',
      // RFC 9101 §7, RFC 8707 §2.
      'request_not_supported',
      'invalid_target',
      'invalid_dpop_proof',
      'use_dpop_nonce',
      'use_fresh_attestation',
      'use_attestation_challenge',
    ],
    401: ['invalid_client'],
  },
  // Pages for people, which have no codes.
  authorize: {},
  // RFC 6750 §3.1, OpenID4VCI 1.0 §8.3.1.2.
  credential: {
    ...ours,
    400: [
      'invalid_request',
      'invalid_credential_request',
      'unknown_credential_configuration',
      'unknown_credential_identifier',
      'invalid_proof',
      'invalid_nonce',
      'invalid_encryption_parameters',
      'credential_request_denied',
      // §9.3.
      'invalid_transaction_id',
    ],
    // RFC 9449 §7.1, §9.
    401: ['invalid_token', 'invalid_dpop_proof', 'use_dpop_nonce'],
    403: ['insufficient_scope'],
  },
  // OpenID4VCI 1.0 §11.3.
  notification: {
    ...ours,
    400: ['invalid_request', 'invalid_notification_request', 'invalid_notification_id'],
    401: ['invalid_token'],
  },
  other: { ...ours, 400: ['invalid_request'], 404: ['invalid_request'], 405: ['invalid_request'] },
}

/** Codes that only a request to the endpoint itself can lead to. */
const reaching: Record<ErrorsOf, readonly string[]> = {
  token: [
    'message_malformed',
    'message_too_large',
    'content_type_unexpected',
    'feature_unsupported',
    'pre_authorized_code_unusable',
    'tx_code_wrong',
    'tx_code_unexpected',
    'client_unknown',
    'code_unusable',
    'code_verifier_wrong',
    'sender_key_differs',
    'refresh_token_unusable',
    'grant_type_unsupported',
    'scope_unknown',
    'authorization_details_refused',
    'resource_refused',
    'authorization_details_malformed',
    ...codes.filter((code) => /^(dpop_|client_attestation_|attestation_)/.test(code)),
  ],
  pushed: [
    'message_malformed',
    'content_type_unexpected',
    'feature_unsupported',
    'response_type_unsupported',
    'request_object_unsupported',
    'resource_refused',
    'client_unknown',
    'redirect_uri_refused',
    'code_challenge_missing',
    'scope_unknown',
    'authorization_details_refused',
    'authorization_details_malformed',
    'sender_key_differs',
  ],
  authorize: [],
  credential: codes.filter(
    (code) =>
      !/^(notification_unknown|client_attestation_|attestation_|grant_|response_type|request_object|resource_|authorization_details|client_unknown|redirect_uri|pushed_|request_uri|flow_|code_|scope_|issuer_state|access_denied|sender_key|refresh_token|token_of|pre_authorized_code|tx_code|endpoint_unknown|method_not_allowed|https_required|access_token_missing)/.test(
        code,
      ),
  ),
  notification: [
    'message_malformed',
    'message_too_large',
    'content_type_unexpected',
    'notification_unknown',
    'access_token_malformed',
    'access_token_unusable',
  ],
  other: [
    'endpoint_unknown',
    'method_not_allowed',
    'message_malformed',
    'message_too_large',
    'feature_unsupported',
  ],
}

const cases = (['token', 'pushed', 'credential', 'notification', 'other'] as const).flatMap((endpoint) =>
  reaching[endpoint].map((code): [ErrorsOf, string] => [endpoint, code]),
)

test.each(cases)(
  'VCI-8.3.1-2, VCI-8.3.1-10 at the endpoint "%s" the code %s becomes an error of the standards',
  (endpoint, code) => {
    const response = refusal(new Coded(code), endpoint)
    const { status, error, error_description }: ErrorResponse = readErrorResponse(response)
    expect(standard[endpoint][status] ?? []).toContain(error)
    expect(response.headers).toMatchObject({
      'content-type': 'application/json',
      'cache-control': 'no-store',
    })
    if (status >= 500) {
      expect(response.body).toBe(JSON.stringify({ error }))
    } else {
      expect(error_description).toMatch(/^[\x20\x21\x23-\x5B\x5D-\x7E]+$/)
      expect(response.body).not.toMatch(/\\/)
    }
  },
)

test('VCI-8.3.1-2 no trouble with what a credential request says is answered with invalid_request', () => {
  const generic = codes.filter(
    (code) => JSON.parse(refusal(new Coded(code), 'credential').body || '{}').error === 'invalid_request',
  )
  // Codes of the token, of the path, and of other endpoints.
  expect(generic.sort()).toEqual([
    'access_token_malformed',
    'code_challenge_missing',
    'endpoint_unknown',
    'flow_unknown',
    'https_required',
    'issuer_state_unknown',
    'method_not_allowed',
    'pushed_request_required',
    'redirect_uri_refused',
    'tx_code_unexpected',
  ])
})

test.each(codes)('the code %s has a status of HTTP, and tells nothing where the trouble is ours', (code) => {
  for (const endpoint of ['token', 'credential', 'other'] as const) {
    const { status, body } = refusal(new Coded(code), endpoint)
    expect([400, 401, 403, 404, 405, 500, 503]).toContain(status)
    if (status >= 500) expect(body).not.toContain('hello')
  }
})

test.each<[string, unknown]>([
  ['an error', new Error(hostile)],
  ['an error of the language', new TypeError(hostile)],
  ['an error of the system', new Coded('ECONNREFUSED')],
  ['an error with a code that every object has', new Coded('constructor')],
  ['an error with a code that is no text', Object.assign(new Error(hostile), { code: 7 })],
  ['what is no error', { code: 'proof_invalid', message: hostile }],
  ['a text', hostile],
  ['nothing', undefined],
])('VCI-8.3.1-2 %s that nobody foresaw tells the peer nothing', (_, error) => {
  for (const endpoint of ['token', 'credential', 'other'] as const) {
    expect(refusal(error, endpoint)).toMatchObject({ status: 500, body: '{"error":"server_error"}' })
  }
})

test.each<[string, Error, number]>([
  ['the store is full', new StoreError('store_full', hostile), 503],
  ['the store is closed', new StoreError('store_closed', hostile), 503],
  ['the disk refuses', new StoreError('store_unavailable', hostile), 503],
  ['the state is damaged', new StoreError('store_corrupt', hostile), 500],
  ['a seal is broken', new StoreError('seal_broken', hostile), 500],
  ['something else goes wrong', new Error(hostile), 500],
  ['a claim cannot be signed', new CredentialError('claim_malformed', hostile), 500],
  ['the settings are wrong', new IssuerError('settings_invalid', hostile), 500],
])(
  'when %s the peer hears that it is our trouble, and right requests succeed afterwards',
  async (_, trouble, status) => {
    const here = world()
    let troubled = false
    const { store } = here.ports
    const node = world({
      beside: here,
      ports: {
        store: {
          ...store,
          commit: async (ops) => {
            if (troubled) throw trouble
            return store.commit(ops)
          },
        },
      },
    })
    const made = await node.offer()
    const { request } = await ready(node)
    const before = await here.state.rests()
    troubled = true
    for (const asked of [askToken(made), request]) {
      const response = await node.send(asked)
      expect(response.status).toBe(status)
      expect(Object.keys(JSON.parse(response.body))).toEqual(['error'])
    }
    expect(await here.state.rests()).toEqual(before)
    troubled = false
    expect((await node.send(request)).status).toBe(200)
    await expect(tokenFor(node, made)).resolves.toBeTypeOf('string')
  },
)
