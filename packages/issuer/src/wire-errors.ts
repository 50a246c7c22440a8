/**
 * What every error becomes on the wire: one table, which does not compile while a code is missing.
 * RFC 6749 §5.2, RFC 6750 §3.1, OpenID4VCI 1.0 §6.3 and §8.3.1.
 *
 * An error of ours, or one that nobody foresaw, tells the peer nothing.
 */
import type { CredentialErrorCode } from '@facet-id/credential/error'
import { jwsAlgorithms } from '@facet-id/credential/jose'
import type { ProtocolErrorCode } from '@facet-id/protocol/error'
import {
  shownText,
  type WireError,
  writeBearerChallenge,
  writeErrorResponse,
  writeMissingTokenResponse,
} from '@facet-id/protocol/oauth'
import type { AuthorizationErrorResponse } from '@facet-id/protocol/oauth/authorization'
import { writeDpopChallenge } from '@facet-id/protocol/oauth/dpop'
import type { WireResponse } from '@facet-id/protocol/wire'
import type { StoreErrorCode } from '@facet-id/store'
import { troublePage } from './authorization/browser.ts'
import { IssuerError, type IssuerErrorCode } from './error.ts'
import type { Endpoint } from './routes.ts'

type Code = IssuerErrorCode | ProtocolErrorCode | CredentialErrorCode | StoreErrorCode

/** The endpoints whose errors have names of their own. */
export type ErrorsOf = 'token' | 'pushed' | 'authorize' | 'credential' | 'notification' | 'other'

const ours: WireError = { status: 500, error: 'server_error' }
const busy: WireError = { status: 503, error: 'temporarily_unavailable' }
const badRequest: WireError = { status: 400, error: 'invalid_request' }
const badGrant: WireError = { status: 400, error: 'invalid_grant' }
const badDetails: WireError = { status: 400, error: 'invalid_authorization_details' }
const badDpop: WireError = { status: 400, error: 'invalid_dpop_proof' }
const badClient: WireError = { status: 401, error: 'invalid_client' }
const badProof: WireError = { status: 400, error: 'invalid_proof' }
const badEncryption: WireError = { status: 400, error: 'invalid_encryption_parameters' }

export const wireErrors: Readonly<Record<Code, WireError>> = {
  // What the wallet did.
  configuration_unknown: { status: 400, error: 'unknown_credential_configuration' },
  configuration_not_authorized: { status: 403, error: 'insufficient_scope' },
  credential_identifier_unknown: { status: 400, error: 'unknown_credential_identifier' },
  grant_type_unsupported: { status: 400, error: 'unsupported_grant_type' },
  client_unknown: { status: 401, error: 'invalid_client' },
  redirect_uri_refused: badRequest,
  pushed_request_required: badRequest,
  request_uri_unusable: { status: 400, error: 'invalid_request_uri' },
  flow_unknown: badRequest,
  code_challenge_missing: badRequest,
  scope_unknown: { status: 400, error: 'invalid_scope' },
  authorization_details_refused: badDetails,
  resource_refused: { status: 400, error: 'invalid_target' },
  issuer_state_unknown: badRequest,
  access_denied: { status: 403, error: 'access_denied' },
  user_authentication_failed: ours,
  server_unreachable: busy,
  code_unusable: badGrant,
  code_verifier_wrong: badGrant,
  sender_key_differs: badGrant,
  refresh_token_unusable: badGrant,
  token_of_another: badGrant,
  pre_authorized_code_unusable: { status: 400, error: 'invalid_grant' },
  tx_code_wrong: { status: 400, error: 'invalid_grant' },
  tx_code_unexpected: badRequest,
  access_token_missing: { status: 401, error: 'invalid_token' },
  access_token_malformed: badRequest,
  access_token_unusable: { status: 401, error: 'invalid_token' },
  dpop_proof_missing: badDpop,
  dpop_proof_invalid: badDpop,
  dpop_proof_malformed: badDpop,
  dpop_nonce_needed: { status: 400, error: 'use_dpop_nonce' },
  client_attestation_missing: badClient,
  client_attestation_invalid: badClient,
  client_attestation_malformed: badClient,
  client_attestation_stale: { status: 400, error: 'use_fresh_attestation' },
  attestation_challenge_needed: { status: 400, error: 'use_attestation_challenge' },
  claims_unavailable: busy,
  request_denied: { status: 400, error: 'credential_request_denied' },
  transaction_unknown: { status: 400, error: 'invalid_transaction_id' },
  notification_unknown: { status: 400, error: 'invalid_notification_id' },
  batch_too_large: { status: 400, error: 'invalid_credential_request' },
  proof_missing: badProof,
  proof_invalid: badProof,
  proof_malformed: badProof,
  request_object_unsupported: { status: 400, error: 'request_not_supported' },
  response_type_unsupported: { status: 400, error: 'unsupported_response_type' },
  authorization_details_malformed: badDetails,
  issuer_mismatch: ours,
  nonce_unusable: { status: 400, error: 'invalid_nonce' },
  encryption_unsupported: badEncryption,
  endpoint_unknown: { status: 404, error: 'invalid_request' },
  method_not_allowed: { status: 405, error: 'invalid_request' },
  message_malformed: badRequest,
  message_too_large: badRequest,
  content_type_unexpected: badRequest,
  feature_unsupported: badRequest,
  https_required: badRequest,
  // What a token of the wallet's breaks; all of it is read as part of a proof.
  base64url_malformed: badProof,
  utf8_malformed: badProof,
  json_malformed: badProof,
  json_not_object: badProof,
  json_name_repeated: badProof,
  json_too_deep: badProof,
  json_too_large: badProof,
  jwk_malformed: badProof,
  jwk_private: badProof,
  jwk_unsupported: badProof,
  jws_malformed: badProof,
  jws_too_large: badProof,
  jws_typ_unexpected: badProof,
  jws_alg_not_allowed: badProof,
  jws_crit_not_understood: badProof,
  jws_header_forbidden: badProof,
  // What an encrypted request breaks.
  jwe_malformed: badEncryption,
  jwe_too_large: badEncryption,
  jwe_alg_not_allowed: badEncryption,
  jwe_enc_not_allowed: badEncryption,
  jwe_crit_not_understood: badEncryption,
  jwe_header_forbidden: badEncryption,
  // What is the operator's, or ours.
  sd_jwt_malformed: ours,
  sd_jwt_too_large: ours,
  sd_alg_not_allowed: ours,
  disclosure_malformed: ours,
  disclosure_repeated: ours,
  disclosure_unreferenced: ours,
  disclosure_name_forbidden: ours,
  disclosure_name_taken: ours,
  digest_repeated: ours,
  digest_malformed: ours,
  disclosures_too_many: ours,
  frame_names_nothing: ours,
  frame_malformed: ours,
  frame_leaves_in_clear: ours,
  frame_protected_claim: ours,
  claim_name_forbidden: ours,
  claims_path_malformed: ours,
  claims_path_type_mismatch: ours,
  claim_absent: ours,
  key_binding_malformed: ours,
  vct_missing: ours,
  claim_malformed: ours,
  claim_protected: ours,
  not_ready: ours,
  issuer_malformed: ours,
  issuer_metadata_malformed: ours,
  type_metadata_malformed: ours,
  type_metadata_too_large: ours,
  type_metadata_circular: ours,
  type_metadata_too_deep: ours,
  type_metadata_inheritance: ours,
  type_rule_broken: ours,
  integrity_unsupported: ours,
  integrity_mismatch: ours,
  svg_refused: ours,
  data_uri_refused: ours,
  status_malformed: ours,
  status_index_out_of_range: ours,
  status_unsupported: ours,
  did_malformed: ours,
  did_method_unsupported: ours,
  base58btc_malformed: ours,
  multikey_malformed: ours,
  multikey_unsupported: ours,
  did_unknown: ours,
  did_document_malformed: ours,
  did_log_invalid: ours,
  store_closed: busy,
  store_locked: busy,
  store_corrupt: ours,
  store_full: busy,
  store_unavailable: busy,
  value_too_large: ours,
  too_many_ops: ours,
  key_malformed: ours,
  op_malformed: ours,
  seal_broken: ours,
  key_wrong: ours,
  passphrase_wrong: ours,
  key_missing: ours,
  format_unknown: ours,
  peer_unreachable: ours,
  transaction_data_invalid: ours,
  peer_timed_out: ours,
  response_too_large: ours,
  address_refused: ours,
  settings_invalid: ours,
  claims_do_not_fit: ours,
  issuance_unknown: ours,
  second_opinion_differs: ours,
  configuration_stopped: busy,
  state_contended: busy,
}

/** RFC 9449 §7.1, §9: at a protected endpoint these challenge, as other faults of tokens do. */
const atProtected: Partial<Record<Code, WireError>> = {
  dpop_proof_missing: { status: 401, error: 'invalid_dpop_proof' },
  dpop_proof_invalid: { status: 401, error: 'invalid_dpop_proof' },
  dpop_proof_malformed: { status: 401, error: 'invalid_dpop_proof' },
  dpop_nonce_needed: { status: 401, error: 'use_dpop_nonce' },
}

/** Codes that the text names differently at one endpoint. */
const atEndpoint: Record<ErrorsOf, Partial<Record<Code, WireError>>> = {
  token: { feature_unsupported: { status: 400, error: 'unsupported_grant_type' } },
  // RFC 9449 §10.1.
  pushed: { sender_key_differs: { status: 400, error: 'invalid_dpop_proof' } },
  authorize: {},
  credential: { ...messageErrors('invalid_credential_request'), ...atProtected },
  notification: { ...messageErrors('invalid_notification_request'), ...atProtected },
  other: {},
}

function messageErrors(error: string): Partial<Record<Code, WireError>> {
  const codes = [
    'message_malformed',
    'message_too_large',
    'content_type_unexpected',
    'feature_unsupported',
  ] as const
  return Object.fromEntries(codes.map((code) => [code, { status: 400, error }]))
}

/** What must not be sent back to an address that nobody vouched for: it is shown to the person instead. */
const SHOWN: readonly Code[] = [
  'client_unknown',
  'redirect_uri_refused',
  'pushed_request_required',
  'request_uri_unusable',
  'flow_unknown',
  'endpoint_unknown',
]

/**
 * How the wallet is told, in a redirect, what went wrong at the authorization endpoint (RFC 6749 §4.1.2.1);
 * `undefined` for what is only shown.
 */
export function authorizationErrorOf(error: unknown): Omit<AuthorizationErrorResponse, 'state'> | undefined {
  const code = codeOf(error)
  if (code === undefined) return { error: ours.error }
  if (SHOWN.includes(code)) return undefined
  const wireError = wireErrors[code]
  if (wireError.status >= 500 || !(error instanceof Error)) return { error: wireError.error }
  return { error: wireError.error, error_description: shownText(error.message) }
}

export function refusal(error: unknown, endpoint: ErrorsOf): WireResponse {
  const code = codeOf(error)
  if (endpoint === 'authorize') return refusalPage(error, code)
  if (code === 'access_token_missing') return writeMissingTokenResponse()
  if (code === undefined) return writeErrorResponse(ours)
  const wireError = atEndpoint[endpoint][code] ?? wireErrors[code]
  const told = wireError.status < 500 && error instanceof Error ? error.message : undefined
  const response = challenged(writeErrorResponse(wireError, told), wireError)
  // RFC 6750 §3: a request without a token that can be used is always challenged.
  return code === 'access_token_malformed'
    ? withHeader(response, 'www-authenticate', writeBearerChallenge('invalid_request'))
    : response
}

/** For a person, who reads no JSON. No 401: a browser has nothing to authenticate with (RFC 9110 §15.5.2). */
function refusalPage(error: unknown, code: Code | undefined): WireResponse {
  const { status } = code === undefined ? ours : wireErrors[code]
  const told = status < 500 && error instanceof Error ? error.message : 'Something went wrong here'
  return troublePage(status === 401 ? 400 : status, told)
}

/** A 401 says how a key is proven here (RFC 9449 §7.1: the algorithms that are taken SHOULD be told). */
function challenged(response: WireResponse, { status, error }: WireError): WireResponse {
  if (status !== 401) return response
  if (error === 'invalid_dpop_proof' || error === 'use_dpop_nonce') {
    return withHeader(response, 'www-authenticate', writeDpopChallenge(jwsAlgorithms, error))
  }
  return response
}

/** RFC 9110 §15.5.6: "The origin server MUST generate an Allow header field in a 405 response". */
export function refusalOfMethod(method: Endpoint['method']): WireResponse {
  const allowed = method === 'BROWSER' ? 'GET, POST' : method
  const error = new IssuerError('method_not_allowed', `Use ${allowed} here`)
  return withHeader(refusal(error, 'other'), 'allow', allowed)
}

function withHeader(response: WireResponse, name: string, value: string): WireResponse {
  return { ...response, headers: { ...response.headers, [name]: value } }
}

function codeOf(error: unknown): Code | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && isCode(code) ? code : undefined
}

function isCode(code: string): code is Code {
  return Object.hasOwn(wireErrors, code)
}
