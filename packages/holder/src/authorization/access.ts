/**
 * Access as a token response gives it, and how it is got anew. RFC 6749 §5.1, §6, RFC 9449 §5, OpenID4VCI 1.0 §6.2.
 */
import {
  REFRESH_TOKEN_GRANT,
  readTokenResponse,
  type TokenResponse,
  tokenRequest,
} from '@facet-id/protocol/oauth'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { HolderError } from '../error.ts'
import { answered } from '../peer-error.ts'
import type { Access, AuthorizationWishes, Plan } from './authorization-state.ts'
import type { Sender } from './sender.ts'

type Binding = Pick<AuthorizationWishes, 'boundTokens' | 'now'>

/** @throws {HolderError} `refused_by_peer`, `token_not_bound` @throws {ProtocolError} `message_malformed` and its like */
export function accessOf(
  response: WireResponse,
  asked: Plan & { readonly sender: Sender },
  wishes: Binding,
): Access {
  const { credentialIssuer, server, sender } = asked
  return {
    credentialIssuer,
    server: server.issuer,
    tokenEndpoint: server.token_endpoint,
    sender,
    ...partsOf(readTokenResponse(answered(response)), sender, wishes),
  }
}

/** Access anew. RFC 6749 §6. @throws {HolderError} `grant_ended` where there is no refresh token */
export function renewing({ tokenEndpoint, refreshToken, sender }: Access): WireRequest {
  if (refreshToken === undefined) {
    throw new HolderError('grant_ended', 'The issuer gave no lasting access; a new offer is needed')
  }
  return tokenRequest(tokenEndpoint, {
    grant_type: REFRESH_TOKEN_GRANT,
    refresh_token: refreshToken,
    ...(sender.clientId === undefined ? {} : { client_id: sender.clientId }),
  })
}

/**
 * A server that gives no new refresh token lets the old one stay (RFC 6749 §6). Access that was bound stays so, also
 * where the wallet would have taken it unbound.
 *
 * @throws as {@link accessOf}
 */
export function renewed(access: Access, response: WireResponse, wishes: Binding): Access {
  const { expiresAt: _, ...standing } = access
  const token = readTokenResponse(answered(response))
  const { now } = wishes
  const boundTokens = access.tokenType === 'DPoP' ? 'required' : wishes.boundTokens
  return { ...standing, ...partsOf(token, access.sender, { boundTokens, now }) }
}

/** RFC 9449 §5: a token of another type than was asked for is discarded by whoever needs it bound. */
function partsOf(
  token: TokenResponse,
  { dpopKey }: Sender,
  { boundTokens, now }: Binding,
): Pick<Access, 'accessToken' | 'tokenType' | 'expiresAt' | 'refreshToken' | 'details'> {
  const { access_token, token_type, expires_in, refresh_token, authorization_details } = token
  const bound = token_type === 'DPoP'
  if (bound ? dpopKey === undefined : boundTokens === 'required') {
    throw new HolderError(
      'token_not_bound',
      'The access token is not bound to the key of this wallet, and is not used',
    )
  }
  return {
    accessToken: access_token,
    tokenType: token_type,
    ...(expires_in === undefined ? {} : { expiresAt: now + expires_in }),
    ...(refresh_token === undefined ? {} : { refreshToken: refresh_token }),
    ...(authorization_details === undefined ? {} : { details: authorization_details }),
  }
}
