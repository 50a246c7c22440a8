/**
 * Token Response: the access token with which the wallet may ask for what it was granted.
 * RFC 6749 §5.1, RFC 9449 §5, OpenID4VCI 1.0 §6.2.
 */
import * as v from 'valibot'
import { JSON_MEDIA_TYPE, jsonResponse, NO_STORE, readAnswer } from '../body.ts'
import { ProtocolError } from '../error.ts'
import {
  members,
  optional,
  ornament,
  type Plain,
  type Reader,
  type Reads,
  readMessage,
  type Same,
  text,
  whole,
} from '../read.ts'
import type { WireResponse } from '../wire.ts'
import { type GrantedCredential, grantedCredentials } from './authorization/authorization-details.ts'
import { BEARER_TOKEN } from './bearer.ts'

export interface TokenResponse {
  readonly access_token: string
  /** Written so, and read without regard to case (RFC 6749 §5.1). `DPoP`: each use needs a proof of the key. */
  readonly token_type: 'Bearer' | 'DPoP'
  /** Seconds from now; absent when the issuer does not say. */
  readonly expires_in?: number
  /** What the token is good for, where that differs from what was asked. */
  readonly scope?: string
  /** Absent: when this one is over, the person is asked again. */
  readonly refresh_token?: string
  /** The data sets that may be asked for; absent: credentials are asked for by configuration. */
  readonly authorization_details?: readonly GrantedCredential[]
}

const tokenType: Reader<'Bearer' | 'DPoP'> = v.pipe(
  text(),
  v.transform((type): 'Bearer' | 'DPoP' => {
    if (type.toLowerCase() === 'bearer') return 'Bearer'
    if (type.toLowerCase() === 'dpop') return 'DPoP'
    throw new ProtocolError(
      'feature_unsupported',
      'Only bearer tokens and tokens bound by DPoP are supported',
    )
  }),
)

const REFRESH_TOKEN_LENGTH = 4096

const schema = members({
  access_token: v.pipe(
    v.string(),
    v.check((token) => BEARER_TOKEN.test(token), 'must be an access token'),
  ),
  token_type: tokenType,
  expires_in: ornament(whole(0)),
  scope: ornament(text()),
  refresh_token: optional(text(REFRESH_TOKEN_LENGTH)),
  authorization_details: optional(grantedCredentials),
})

true satisfies Same<Plain<TokenResponse>, Reads<typeof schema>>

/** What the issuer answers. Cached nowhere (RFC 6749 §5.1). */
export function writeTokenResponse(token: TokenResponse): WireResponse {
  return jsonResponse(JSON.stringify(token), NO_STORE)
}

/**
 * Reads what the token endpoint answered. A nonce in it is passed over: nonces come from the nonce
 * endpoint (OpenID4VCI 1.0 §7). Details of other types than `openid_credential` are passed over too.
 *
 * @throws {ProtocolError} `message_malformed`, `message_too_large`, `content_type_unexpected`;
 * `feature_unsupported` for a token of another type
 */
export function readTokenResponse(response: WireResponse): TokenResponse {
  const { authorization_details: granted = [], ...token } = readMessage(
    schema,
    readAnswer(response, JSON_MEDIA_TYPE),
    { name: 'token response' },
  )
  return granted.length === 0 ? token : { ...token, authorization_details: granted }
}
