/**
 * Authorization Response: the browser is sent back to the wallet with a code, or with why there is none.
 * RFC 6749 §4.1.2, RFC 9207, OpenID4VCI 1.0 §5.2.
 */
import * as v from 'valibot'
import { NO_STORE } from '../../body.ts'
import { ProtocolError } from '../../error.ts'
import { type Form, readForm, writeForm } from '../../form.ts'
import { members, optional, type Plain, type Reads, readMessage, type Same, text } from '../../read.ts'
import type { WireResponse } from '../../wire.ts'

/** RFC 6749 §4.1.2.1, RFC 9396 §5, OpenID Connect Core §3.1.2.6. */
export type AuthorizationError =
  | 'invalid_request'
  | 'unauthorized_client'
  | 'access_denied'
  | 'unsupported_response_type'
  | 'invalid_scope'
  | 'invalid_authorization_details'
  | 'server_error'
  | 'temporarily_unavailable'

export type AuthorizationResponse = CodeResponse | AuthorizationErrorResponse

export interface CodeResponse {
  readonly code: string
  readonly state?: string
  /** The server's identifier: tells a wallet of several servers which one answered (RFC 9207 §2). */
  readonly iss?: string
}

export interface AuthorizationErrorResponse {
  /** One of {@link AuthorizationError}, or what a stranger says instead. */
  readonly error: string
  readonly error_description?: string
  readonly state?: string
  readonly iss?: string
}

/** What the wallet sent the browser out with. */
export interface ExpectedResponse {
  readonly redirectUri: string
  readonly state?: string
  /** Identifier of the server that was asked. */
  readonly issuer: string
  /** Whether `iss` must be there; it is compared wherever it is. */
  readonly requireIss: boolean
}

const CODE_LENGTH = 4096
const SHOWN = /^[\x20\x21\x23-\x5B\x5D-\x7E]{1,1000}$/

const common = { state: optional(text()), iss: optional(text()) }
const codeSchema = members({ code: text(CODE_LENGTH), ...common })
const errorSchema = members({
  error: v.pipe(v.string(), v.regex(SHOWN, 'must be printable ASCII')),
  error_description: optional(v.pipe(v.string(), v.regex(SHOWN, 'must be printable ASCII'))),
  ...common,
})

true satisfies Same<Plain<CodeResponse>, Reads<typeof codeSchema>>
true satisfies Same<Plain<AuthorizationErrorResponse>, Reads<typeof errorSchema>>

/**
 * Sends the browser back. 303: it then asks with GET and repeats nothing that was typed (RFC 9700 §4.12).
 *
 * @param redirectUri as the reader let it in; a query of its own stays (RFC 6749 §4.1.2)
 */
export function writeAuthorizationResponse(
  redirectUri: string,
  response: AuthorizationResponse,
): WireResponse {
  const form: Form = { ...response }
  const location = `${redirectUri}${redirectUri.includes('?') ? '&' : '?'}${writeForm(form)}`
  return { status: 303, headers: { ...NO_STORE, location, 'referrer-policy': 'no-referrer' }, body: '' }
}

/**
 * Reads the address at which the browser arrived.
 *
 * @returns the code, or the server's refusal
 * @throws {ProtocolError} `message_malformed`, also for another `state`; `issuer_mismatch` when another
 * server answered than was asked, or did not say which: the code must not be sent anywhere then (RFC 9207 §2.4)
 */
export function readAuthorizationResponse(url: string, expected: ExpectedResponse): AuthorizationResponse {
  const { redirectUri, state, issuer, requireIss } = expected
  const joined = redirectUri.includes('?') ? '&' : '?'
  const query = url.startsWith(`${redirectUri}${joined}`) ? url.slice(redirectUri.length + 1) : ''
  const form = readForm(query.split('#', 1)[0] ?? '')
  const failed = form.error !== undefined
  const read: AuthorizationResponse = failed
    ? readMessage(errorSchema, { ...form }, { name: 'authorization response' })
    : readMessage(codeSchema, { ...form }, { name: 'authorization response' })
  if (read.state !== state) {
    throw new ProtocolError(
      'message_malformed',
      'The authorization response answers another request than ours',
    )
  }
  if (read.iss === undefined ? requireIss : read.iss !== issuer) {
    throw new ProtocolError(
      'issuer_mismatch',
      'The authorization response comes from another server than was asked, or does not say from which',
    )
  }
  return read
}
