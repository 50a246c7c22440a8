/**
 * Token Request: the wallet gives a code, or a refresh token, for an access token.
 * RFC 6749 §4.1.3, §6, RFC 7636 §4.5, OpenID4VCI 1.0 §6.1.
 *
 * ```
 * POST /token
 * grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Apre-authorized_code&pre-authorized_code=…&tx_code=…
 * ```
 */
import * as v from 'valibot'
import { formRequest, readBody } from '../body.ts'
import { ProtocolError } from '../error.ts'
import { FORM_MEDIA_TYPE, type Form, readForm } from '../form.ts'
import {
  members,
  optional,
  type Plain,
  type Reader,
  type Reads,
  readMessage,
  type Same,
  text,
} from '../read.ts'
import type { WireRequest } from '../wire.ts'
import {
  type CredentialAuthorization,
  readAuthorizationDetails,
  writeAuthorizationDetails,
} from './authorization/authorization-details.ts'
import { codeVerifier } from './authorization/pkce.ts'

export const PRE_AUTHORIZED_CODE_GRANT = 'urn:ietf:params:oauth:grant-type:pre-authorized_code'
export const AUTHORIZATION_CODE_GRANT = 'authorization_code'
export const REFRESH_TOKEN_GRANT = 'refresh_token'

export type TokenRequest = PreAuthorizedCodeTokenRequest | AuthorizationCodeTokenRequest | RefreshTokenRequest

/** What any grant may say. */
interface Common {
  /** Absent where the client is known by what authenticates it, or by nothing. */
  readonly client_id?: string
  /** Less than was granted, never more (OpenID4VCI §6.1.1). */
  readonly authorization_details?: readonly CredentialAuthorization[]
  readonly resource?: string
}

export interface PreAuthorizedCodeTokenRequest extends Common {
  readonly grant_type: typeof PRE_AUTHORIZED_CODE_GRANT
  readonly 'pre-authorized_code': string
  /** As the user typed it; absent when the offer asked for none. */
  readonly tx_code?: string
}

export interface AuthorizationCodeTokenRequest extends Common {
  readonly grant_type: typeof AUTHORIZATION_CODE_GRANT
  readonly code: string
  /** The one of the authorization request; absent where that had none. */
  readonly redirect_uri?: string
  /** Absent where the authorization request had no challenge. */
  readonly code_verifier?: string
}

export interface RefreshTokenRequest extends Common {
  readonly grant_type: typeof REFRESH_TOKEN_GRANT
  readonly refresh_token: string
  /** Less than was granted; absent: all of it. */
  readonly scope?: string
}

/** Characters of a pre-authorized code: some issuers put a signed token there. */
export const PRE_AUTHORIZED_CODE_LENGTH = 4096

/** Characters of a transaction code: it is typed by hand. */
export const TX_CODE_LENGTH = 128

const details: Reader<readonly CredentialAuthorization[]> = v.pipe(
  v.string(),
  v.transform(readAuthorizationDetails),
)

const common = {
  client_id: optional(text()),
  authorization_details: optional(details),
  resource: optional(text()),
}

const preAuthorized = members({
  grant_type: v.literal(PRE_AUTHORIZED_CODE_GRANT),
  'pre-authorized_code': text(PRE_AUTHORIZED_CODE_LENGTH),
  tx_code: optional(text(TX_CODE_LENGTH)),
  ...common,
})

const authorizationCode = members({
  grant_type: v.literal(AUTHORIZATION_CODE_GRANT),
  code: text(PRE_AUTHORIZED_CODE_LENGTH),
  redirect_uri: optional(text()),
  code_verifier: optional(codeVerifier),
  ...common,
})

const refreshing = members({
  grant_type: v.literal(REFRESH_TOKEN_GRANT),
  refresh_token: text(PRE_AUTHORIZED_CODE_LENGTH),
  scope: optional(text()),
  ...common,
})

true satisfies Same<Plain<PreAuthorizedCodeTokenRequest>, Reads<typeof preAuthorized>>
true satisfies Same<Plain<AuthorizationCodeTokenRequest>, Reads<typeof authorizationCode>>
true satisfies Same<Plain<RefreshTokenRequest>, Reads<typeof refreshing>>

/** What the wallet sends to the token endpoint; what authenticates it is added by whoever holds its keys. */
export function tokenRequest(endpoint: string, request: TokenRequest): WireRequest {
  const { authorization_details, ...others } = request
  const form: Form = {
    ...others,
    ...(authorization_details === undefined
      ? {}
      : { authorization_details: writeAuthorizationDetails(authorization_details) }),
  }
  return formRequest(endpoint, form)
}

/**
 * Reads what came to the token endpoint. Whether the codes are right is for the issuer to know.
 *
 * @throws {ProtocolError} `message_malformed`, `message_too_large`, `content_type_unexpected`, all of
 * them `invalid_request`; `feature_unsupported` for another grant, `unsupported_grant_type`;
 * `authorization_details_malformed`
 */
export function readTokenRequest(request: WireRequest): TokenRequest {
  const form = readForm(readBody(request, FORM_MEDIA_TYPE))
  const rules = { name: 'token request' }
  switch (form.grant_type) {
    case undefined:
    case PRE_AUTHORIZED_CODE_GRANT:
      return readMessage(preAuthorized, form, rules)
    case AUTHORIZATION_CODE_GRANT:
      return readMessage(authorizationCode, form, rules)
    case REFRESH_TOKEN_GRANT:
      return readMessage(refreshing, form, rules)
    default:
      throw new ProtocolError(
        'feature_unsupported',
        'Only the grants of a code, of a pre-authorized code and of a refresh token are supported',
      )
  }
}
