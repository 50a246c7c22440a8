/**
 * The wallet's answer: presentations, or an error. OpenID4VP 1.0 §8.1, §8.2, §8.5.
 *
 * It travels in four forms: as a form in the body of a POST to the `response_uri`, as parameters in the address of
 * a redirect, encrypted (`encrypted-response.ts`), and as an object that a platform hands on (`platform/`).
 *
 * An error is its code and no more: a description could only say what the person has or said.
 */
import type { JsonObject } from '@facet-id/credential/json'
import * as v from 'valibot'
import { formRequest, readBody } from '../../body.ts'
import { ProtocolError } from '../../error.ts'
import { FORM_MEDIA_TYPE, type Form, readForm, writeForm } from '../../form.ts'
import { jsonObject, members, optional, type Reader, readMessage, text } from '../../read.ts'
import type { WireRequest } from '../../wire.ts'
import { readVpToken, type VpToken, writeVpToken } from './vp-token.ts'

/** `state`: that of the request, letter by letter; absent when it had none. */
export type AuthorizationResponse =
  | { readonly vp_token: VpToken; readonly state?: string }
  | { readonly error: AuthorizationErrorCode; readonly state?: string }

/** The codes of §8.5, and those of RFC 6749 §4.1.2.1; any other code of its characters is read too. */
export type AuthorizationErrorCode = (typeof authorizationErrors)[number] | (string & Record<never, never>)

export const authorizationErrors = [
  'invalid_request',
  /** Nothing held answers the query, or the person said no, or who it is was not proven: never which (§15.4.1). */
  'access_denied',
  'invalid_client',
  'vp_formats_not_supported',
  'invalid_request_uri_method',
  'invalid_transaction_data',
  'wallet_unavailable',
  'unsupported_response_type',
  'server_error',
] as const

/** RFC 6749 §4.1.2.1 has it of `%x20-21 / %x23-5B / %x5D-7E`. */
const errorCode: Reader<AuthorizationErrorCode> = v.pipe(
  text(100),
  v.regex(/^[\x20\x21\x23-\x5B\x5D-\x7E]+$/, 'must be printable ASCII'),
)

const rest = { error: optional(errorCode), state: optional(text()) }

/** Of a form: the token is a JSON text. */
const tokenText: Reader<VpToken> = v.pipe(
  v.string(),
  v.transform((json): VpToken => readVpToken(json)),
)
const formSchema = members({ vp_token: optional(tokenText), ...rest })

/** Of an object: the token is one too (§8.3, §A.4). */
const tokenObject: Reader<VpToken> = v.pipe(
  jsonObject,
  v.transform((token): VpToken => readVpToken(token)),
)
const objectSchema = members({ vp_token: optional(tokenObject), ...rest })

const NAME = 'authorization response'

/** What a wallet sends by `direct_post`. */
export function authorizationResponseRequest(
  response_uri: string,
  response: AuthorizationResponse,
): WireRequest {
  return formRequest(response_uri, formOf(response))
}

/**
 * Reads a form in the clear at the verifier. Unknown parameters are ignored, and those of other specifications
 * (`code`, `id_token`, `iss`) are unknown here. `readPostedResponse` takes encrypted ones too.
 *
 * @throws {ProtocolError} `message_malformed`, `message_too_large`, `content_type_unexpected`;
 * `feature_unsupported` for an encrypted response
 */
export function readAuthorizationResponse(request: WireRequest): AuthorizationResponse {
  return readResponseForm(readForm(readBody(request, FORM_MEDIA_TYPE)))
}

/** Reads the parameters of a form, or of an address. @throws as {@link readAuthorizationResponse} */
export function readResponseForm(form: Form): AuthorizationResponse {
  if (form.response !== undefined) {
    throw new ProtocolError('feature_unsupported', 'The response is encrypted, which was not asked for')
  }
  return oneOf(readMessage(formSchema, form, { name: NAME }))
}

/** Reads an object: what was encrypted, or what a platform handed on. @throws as {@link readAuthorizationResponse} */
export function readResponseObject(object: JsonObject): AuthorizationResponse {
  return oneOf(readMessage(objectSchema, object, { name: NAME }))
}

/**
 * Where the user agent takes the answer by `fragment` and `query`. OAuth 2.0 Multiple Response Types §2.1.
 *
 * @param redirect_uri without fragment
 */
export function redirectLocation(
  redirect_uri: string,
  part: 'fragment' | 'query',
  response: AuthorizationResponse,
): string {
  const parameters = writeForm(formOf(response))
  if (part === 'fragment') return `${redirect_uri}#${parameters}`
  return `${redirect_uri}${redirect_uri.includes('?') ? '&' : '?'}${parameters}`
}

/**
 * Reads the answer in an address, at the verifier's page.
 *
 * @param parameters of the fragment, or of the query: without `#` and `?`
 * @throws as {@link readAuthorizationResponse}
 */
export function readRedirectResponse(parameters: string): AuthorizationResponse {
  return readResponseForm(readForm(parameters))
}

function formOf(response: AuthorizationResponse): Form {
  const state = response.state === undefined ? {} : { state: response.state }
  return 'error' in response
    ? { error: response.error, ...state }
    : { vp_token: writeVpToken(response.vp_token), ...state }
}

function oneOf({
  vp_token,
  error,
  ...state
}: {
  readonly vp_token?: VpToken
  readonly error?: AuthorizationErrorCode
  readonly state?: string
}): AuthorizationResponse {
  if (vp_token !== undefined && error === undefined) return { vp_token, ...state }
  if (error !== undefined && vp_token === undefined) return { error, ...state }
  throw new ProtocolError(
    'message_malformed',
    'The authorization response must have either vp_token or error',
  )
}
