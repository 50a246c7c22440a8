/**
 * What every error becomes on the wire: one table, which does not compile while a code is missing.
 * OpenID4VP 1.0 §8.2 leaves the form of a refusal to the verifier: it is that of RFC 6749 §5.2.
 *
 * An error of ours, or one that nobody foresaw, tells the peer nothing.
 */
import type { CredentialErrorCode } from '@facet-id/credential/error'
import type { ProtocolErrorCode } from '@facet-id/protocol/error'
import { type WireError, writeErrorResponse } from '@facet-id/protocol/oauth'
import type { WireResponse } from '@facet-id/protocol/wire'
import type { StoreErrorCode } from '@facet-id/store'
import { VerifierError, type VerifierErrorCode } from './error.ts'

type Code = VerifierErrorCode | ProtocolErrorCode | CredentialErrorCode | StoreErrorCode

const ours: WireError = { status: 500, error: 'server_error' }
const busy: WireError = { status: 503, error: 'temporarily_unavailable' }
const badRequest: WireError = { status: 400, error: 'invalid_request' }
const gone: WireError = { status: 404, error: 'invalid_request' }

const wireErrors: Record<Code, WireError> = {
  // What the wallet sent.
  presentation_unknown: gone,
  endpoint_unknown: gone,
  presentation_answered: badRequest,
  state_mismatch: badRequest,
  vp_token_unfit: badRequest,
  answer_unproven: badRequest,
  answer_not_encrypted: badRequest,
  answer_undecryptable: badRequest,
  transaction_missing: { status: 401, error: 'invalid_request' },
  method_not_allowed: { status: 405, error: 'invalid_request' },
  message_malformed: badRequest,
  message_too_large: badRequest,
  content_type_unexpected: badRequest,
  feature_unsupported: badRequest,
  // What an encrypted answer breaks.
  jwe_malformed: badRequest,
  jwe_too_large: badRequest,
  jwe_alg_not_allowed: badRequest,
  jwe_enc_not_allowed: badRequest,
  jwe_crit_not_understood: badRequest,
  jwe_header_forbidden: badRequest,
  // What is the operator's, or ours. A credential is judged, and its errors are in the report.
  settings_invalid: ours,
  description_unreadable: ours,
  request_unfit: ours,
  response_code_unknown: ours,
  session_mismatch: ours,
  port_missing: ours,
  state_contended: busy,
  port_failed: ours,
  encryption_unsupported: ours,
  proof_malformed: ours,
  dpop_proof_malformed: ours,
  client_attestation_malformed: ours,
  response_type_unsupported: ours,
  request_object_unsupported: ours,
  authorization_details_malformed: ours,
  issuer_mismatch: ours,
  transaction_data_invalid: ours,
  https_required: ours,
  peer_unreachable: ours,
  peer_timed_out: ours,
  response_too_large: ours,
  address_refused: ours,
  base64url_malformed: badRequest,
  utf8_malformed: ours,
  json_malformed: ours,
  json_not_object: ours,
  json_name_repeated: ours,
  json_too_deep: ours,
  json_too_large: ours,
  jwk_malformed: ours,
  jwk_private: ours,
  jwk_unsupported: ours,
  jws_malformed: ours,
  jws_too_large: ours,
  jws_typ_unexpected: ours,
  jws_alg_not_allowed: ours,
  jws_crit_not_understood: ours,
  jws_header_forbidden: ours,
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
}

export function refusal(error: unknown): WireResponse {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  const wireError = typeof code === 'string' && isCode(code) ? wireErrors[code] : ours
  return wireError.status < 500 && error instanceof Error
    ? writeErrorResponse(wireError, error.message)
    : writeErrorResponse(wireError)
}

/** RFC 9110 §15.5.6: "The origin server MUST generate an Allow header field in a 405 response". */
export function refusalOfMethod(allowed: string): WireResponse {
  const { headers, ...response } = refusal(new VerifierError('method_not_allowed', `Use ${allowed} here`))
  return { ...response, headers: { ...headers, allow: allowed } }
}

function isCode(code: string): code is Code {
  return Object.hasOwn(wireErrors, code)
}
