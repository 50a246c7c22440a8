/**
 * Token Request with a pre-authorized code: the wallet gives the code of the offer, and the
 * transaction code that the user typed, for an access token.
 * OpenID4VCI 1.0 §6.1, RFC 6749 §3.2.
 *
 * ```
 * POST /token
 * grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Apre-authorized_code&pre-authorized_code=…&tx_code=…
 * ```
 */
import * as v from 'valibot'
import { formRequest, readBody } from '../body.ts'
import { ProtocolError } from '../error.ts'
import { FORM_MEDIA_TYPE, readForm } from '../form.ts'
import { members, optional, type Plain, type Reads, readMessage, type Same, text } from '../read.ts'
import type { WireRequest } from '../wire.ts'

/** The only grant that this release knows. */
export const PRE_AUTHORIZED_CODE_GRANT = 'urn:ietf:params:oauth:grant-type:pre-authorized_code'

export interface TokenRequest {
  readonly grant_type: typeof PRE_AUTHORIZED_CODE_GRANT
  readonly 'pre-authorized_code': string
  /** As the user typed it; absent when the offer asked for none. */
  readonly tx_code?: string
}

/** Characters of a pre-authorized code: some issuers put a signed token there. */
export const PRE_AUTHORIZED_CODE_LENGTH = 4096

/** Characters of a transaction code: it is typed by hand. */
export const TX_CODE_LENGTH = 128

const schema = members({
  grant_type: v.literal(PRE_AUTHORIZED_CODE_GRANT),
  'pre-authorized_code': text(PRE_AUTHORIZED_CODE_LENGTH),
  tx_code: optional(text(TX_CODE_LENGTH)),
})

true satisfies Same<Plain<TokenRequest>, Reads<typeof schema>>

/** What the wallet sends to the token endpoint. */
export function tokenRequest(endpoint: string, request: TokenRequest): WireRequest {
  return formRequest(endpoint, { ...request })
}

/**
 * Reads what came to the token endpoint. Whether the codes are right is for the issuer to know.
 *
 * @throws {ProtocolError} `message_malformed`, `message_too_large`, `content_type_unexpected`, all of
 * them `invalid_request`; `feature_unsupported` for another grant, `unsupported_grant_type`
 */
export function readTokenRequest(request: WireRequest): TokenRequest {
  const form = readForm(readBody(request, FORM_MEDIA_TYPE))
  const { grant_type } = form
  if (grant_type !== undefined && grant_type !== PRE_AUTHORIZED_CODE_GRANT) {
    throw new ProtocolError(
      'feature_unsupported',
      'Only the grant of a pre-authorized code is supported: ask for an offer with one',
    )
  }
  return readMessage(schema, form, { name: 'token request' })
}
