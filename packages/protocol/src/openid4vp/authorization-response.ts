/**
 * The wallet's answer by `direct_post`: a form in the body of a POST to the `response_uri`, with
 * presentations or an error. OpenID4VP 1.0 §8.1, §8.2, §8.5.
 *
 * An error is its code and no more: a description could only say what the person has or said.
 */
import * as v from 'valibot'
import { formRequest, readBody } from '../body.ts'
import { ProtocolError } from '../error.ts'
import { FORM_MEDIA_TYPE, readForm } from '../form.ts'
import { members, optional, type Reader, readMessage, text } from '../read.ts'
import type { WireRequest } from '../wire.ts'
import { readVpToken, type VpToken, writeVpToken } from './vp-token.ts'

/** `state`: that of the request, letter by letter; absent when it had none. */
export type AuthorizationResponse =
  | { readonly vp_token: VpToken; readonly state?: string }
  | { readonly error: AuthorizationErrorCode; readonly state?: string }

/** The codes that this release writes or knows; any other code of RFC 6749's characters is read too. */
export type AuthorizationErrorCode =
  | 'invalid_request'
  /** Nothing held answers the query, or the person said no, or who it is was not proven: never which (§15.4.1). */
  | 'access_denied'
  | 'invalid_client'
  | 'vp_formats_not_supported'
  | 'invalid_request_uri_method'
  | 'invalid_transaction_data'
  | 'wallet_unavailable'
  | 'unsupported_response_type'
  | 'server_error'
  | (string & Record<never, never>)

/** RFC 6749 §4.1.2.1 has it of `%x20-21 / %x23-5B / %x5D-7E`. */
const errorCode: Reader<AuthorizationErrorCode> = v.pipe(
  text(100),
  v.regex(/^[\x20\x21\x23-\x5B\x5D-\x7E]+$/, 'must be printable ASCII'),
)

const schema = members({
  vp_token: optional(v.pipe(v.string(), v.transform(readVpToken))),
  error: optional(errorCode),
  state: optional(text(2048)),
})

/** What a wallet sends. */
export function authorizationResponseRequest(
  response_uri: string,
  response: AuthorizationResponse,
): WireRequest {
  const state = response.state === undefined ? {} : { state: response.state }
  const answer =
    'error' in response ? { error: response.error } : { vp_token: writeVpToken(response.vp_token) }
  return formRequest(response_uri, { ...answer, ...state })
}

/**
 * Reads it at the verifier. Unknown parameters are ignored, and those of other specifications (`code`,
 * `id_token`, `iss`) are unknown here.
 *
 * @throws {ProtocolError} `message_malformed`, `message_too_large`, `content_type_unexpected`;
 * `feature_unsupported` for an encrypted response
 */
export function readAuthorizationResponse(request: WireRequest): AuthorizationResponse {
  const form = readForm(readBody(request, FORM_MEDIA_TYPE))
  if (form.response !== undefined) {
    throw new ProtocolError('feature_unsupported', 'The response is encrypted, which was not asked for')
  }
  const { vp_token, error, ...state } = readMessage(schema, form, { name: 'authorization response' })
  if (vp_token !== undefined && error === undefined) return { vp_token, ...state }
  if (error !== undefined && vp_token === undefined) return { error, ...state }
  throw new ProtocolError(
    'message_malformed',
    'The authorization response must have either vp_token or error',
  )
}
