/**
 * What every error becomes on the wire: one table, which does not compile while a code is missing.
 * RFC 6749 §5.2, RFC 6750 §3.1, OpenID4VCI 1.0 §6.3 and §8.3.1.
 *
 * An error of ours, or one that nobody foresaw, tells the peer nothing.
 */
import type { CredentialErrorCode } from '@facet-id/credential/error'
import type { ProtocolErrorCode } from '@facet-id/protocol/error'
import {
  type WireError,
  writeBearerChallenge,
  writeErrorResponse,
  writeMissingTokenResponse,
} from '@facet-id/protocol/oauth'
import type { WireResponse } from '@facet-id/protocol/wire'
import type { StoreErrorCode } from '@facet-id/store'
import { IssuerError, type IssuerErrorCode } from './error.ts'

type Code = IssuerErrorCode | ProtocolErrorCode | CredentialErrorCode | StoreErrorCode

/** The endpoints whose errors have names of their own. */
export type ErrorsOf = 'token' | 'credential' | 'other'

const ours: WireError = { status: 500, error: 'server_error' }
const busy: WireError = { status: 503, error: 'temporarily_unavailable' }
const badRequest: WireError = { status: 400, error: 'invalid_request' }
const badProof: WireError = { status: 400, error: 'invalid_proof' }
const badEncryption: WireError = { status: 400, error: 'invalid_encryption_parameters' }

export const wireErrors: Readonly<Record<Code, WireError>> = {
  // What the wallet did.
  configuration_unknown: { status: 400, error: 'unknown_credential_configuration' },
  configuration_not_authorized: { status: 403, error: 'insufficient_scope' },
  credential_identifier_unknown: { status: 400, error: 'unknown_credential_identifier' },
  pre_authorized_code_unusable: { status: 400, error: 'invalid_grant' },
  tx_code_wrong: { status: 400, error: 'invalid_grant' },
  tx_code_unexpected: badRequest,
  access_token_missing: { status: 401, error: 'invalid_token' },
  access_token_malformed: badRequest,
  access_token_unusable: { status: 401, error: 'invalid_token' },
  batch_too_large: { status: 400, error: 'invalid_credential_request' },
  proof_missing: badProof,
  proof_invalid: badProof,
  proof_malformed: badProof,
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

/** Codes that the text names differently at one endpoint. */
const atEndpoint: Record<ErrorsOf, Partial<Record<Code, WireError>>> = {
  token: { feature_unsupported: { status: 400, error: 'unsupported_grant_type' } },
  credential: Object.fromEntries(
    (
      ['message_malformed', 'message_too_large', 'content_type_unexpected', 'feature_unsupported'] as const
    ).map((code) => [code, { status: 400, error: 'invalid_credential_request' }]),
  ),
  other: {},
}

export function refusal(error: unknown, endpoint: ErrorsOf): WireResponse {
  const code = codeOf(error)
  if (code === 'access_token_missing') return writeMissingTokenResponse()
  if (code === undefined) return writeErrorResponse(ours)
  const wireError = atEndpoint[endpoint][code] ?? wireErrors[code]
  const told = wireError.status < 500 && error instanceof Error ? error.message : undefined
  const response = writeErrorResponse(wireError, told)
  // RFC 6750 §3: a request without a token that can be used is always challenged.
  return code === 'access_token_malformed'
    ? withHeader(response, 'www-authenticate', writeBearerChallenge('invalid_request'))
    : response
}

/** RFC 9110 §15.5.6: "The origin server MUST generate an Allow header field in a 405 response". */
export function refusalOfMethod(allowed: 'GET' | 'POST'): WireResponse {
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
