/** A new access token for what was granted: what is kept of it, and what the wallet is told. RFC 6749 §5.1. */
import { writeBase64url } from '@facet-id/credential/base64url'
import type { TokenResponse } from '@facet-id/protocol/oauth'
import type { Op } from '@facet-id/store'
import type { Issuing } from '../issuing.ts'
import type { IssuerSettings } from '../settings.ts'
import type { AllowedCredential } from './access.ts'
import { openAccess } from './access-store.ts'
import type { GrantRecord } from './flow/grant-store.ts'
import { writeRefreshToken } from './refresh-token.ts'
import { grantedOf } from './wanted.ts'

export interface Minting {
  readonly grant: Pick<GrantRecord, 'grantId' | 'clientId' | 'subject'>
  readonly allowed: readonly AllowedCredential[]
  /** The key that proved itself with the request; absent: a bearer token. */
  readonly jkt: string | undefined
  /** Generation of the refresh token to give out; absent: none. */
  readonly refresh?: number
}

/** OpenID4VCI §13.10: only tokens that are bound to a key may live longer than five minutes. */
function boundTokenLifetime({ authorization, tokenLifetime }: IssuerSettings): number {
  return authorization.boundTokenLifetime ?? tokenLifetime
}

/** Seconds that the longest-lived access token lives. */
export function longestTokenLifetime(settings: IssuerSettings): number {
  return Math.max(settings.tokenLifetime, boundTokenLifetime(settings))
}

/** The first of them is to be committed with whatever it is given for. */
export function mintAccess(
  { grant, allowed, jkt, refresh }: Minting,
  { ports, settings }: Issuing,
): { readonly open: Op; readonly response: TokenResponse } {
  const token = writeBase64url(ports.random(32))
  const lifetime = jkt === undefined ? settings.tokenLifetime : boundTokenLifetime(settings)
  const { grantId, clientId, subject } = grant
  const details = grantedOf(allowed)
  return {
    open: openAccess(ports.hash('sha-256', token), {
      grantId,
      allowed,
      expiresAt: ports.now() + lifetime,
      ...(subject === undefined ? {} : { subject }),
      ...(clientId === undefined ? {} : { clientId }),
      ...(jkt === undefined ? {} : { jkt }),
    }),
    response: {
      access_token: token,
      token_type: jkt === undefined ? 'Bearer' : 'DPoP',
      expires_in: lifetime,
      ...(refresh === undefined
        ? {}
        : { refresh_token: writeRefreshToken({ grantId, generation: refresh }, ports.mac) }),
      ...(details.length === 0 ? {} : { authorization_details: details }),
    },
  }
}
