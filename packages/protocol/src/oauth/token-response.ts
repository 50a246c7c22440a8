/**
 * Token Response: the access token with which the wallet may ask for what was offered.
 * RFC 6749 §5.1, OpenID4VCI 1.0 §6.2.
 */
import * as v from 'valibot'
import { JSON_MEDIA_TYPE, jsonResponse, NO_STORE, readAnswer } from '../body.ts'
import { ProtocolError } from '../error.ts'
import {
  list,
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
import { BEARER_TOKEN } from './bearer.ts'

export interface TokenResponse {
  readonly access_token: string
  /** Written so, and read without regard to case (RFC 6749 §5.1). */
  readonly token_type: 'Bearer'
  /** Seconds from now; absent when the issuer does not say. */
  readonly expires_in?: number
  /** What the token is good for, where that differs from what was asked. */
  readonly scope?: string
}

const tokenType: Reader<'Bearer'> = v.pipe(
  text(),
  v.transform((type): 'Bearer' => {
    if (type.toLowerCase() === 'bearer') return 'Bearer'
    throw new ProtocolError(
      'feature_unsupported',
      'Only bearer tokens are supported, not tokens bound to a key',
    )
  }),
)

const schema = members({
  access_token: v.pipe(
    v.string(),
    v.check((token) => BEARER_TOKEN.test(token), 'must be a bearer token'),
  ),
  token_type: tokenType,
  expires_in: ornament(whole(0)),
  scope: ornament(text()),
  authorization_details: optional(list(members({ type: v.string() }))),
})

true satisfies Same<Plain<TokenResponse>, Plain<Omit<Reads<typeof schema>, 'authorization_details'>>>

/** What the issuer answers. Cached nowhere (RFC 6749 §5.1). */
export function writeTokenResponse(token: TokenResponse): WireResponse {
  return jsonResponse(JSON.stringify(token), NO_STORE)
}

/**
 * Reads what the token endpoint answered. A nonce in it is passed over: nonces come from the nonce
 * endpoint (OpenID4VCI 1.0 §7).
 *
 * @throws {ProtocolError} `message_malformed`, `message_too_large`, `content_type_unexpected`;
 * `feature_unsupported` for a token that is no bearer token, and for one that is good for credential
 * identifiers, with which credentials would have to be asked for (§6.2)
 */
export function readTokenResponse(response: WireResponse): TokenResponse {
  const { authorization_details = [], ...token } = readMessage(
    schema,
    readAnswer(response, JSON_MEDIA_TYPE),
    {
      name: 'token response',
    },
  )
  if (authorization_details.some(({ type }) => type === 'openid_credential')) {
    throw new ProtocolError('feature_unsupported', 'Credential identifiers are not supported by this wallet')
  }
  return token
}
