/** A new access token for what was granted: what is kept of it, and what the wallet is told. RFC 6749 §5.1. */
import { writeBase64url } from '@facet-id/credential/base64url'
import type { TokenResponse } from '@facet-id/protocol/oauth'
import type { Op } from '@facet-id/store'
import type { Issuing } from '../issuing.ts'
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

/** The first of them is to be committed with whatever it is given for. */
export function mintAccess(
  { grant, allowed, jkt, refresh }: Minting,
  { ports, settings }: Issuing,
): { readonly open: Op; readonly response: TokenResponse } {
  const token = writeBase64url(ports.random(32))
  const { grantId, clientId, subject } = grant
  const details = grantedOf(allowed)
  return {
    open: openAccess(ports.hash('sha-256', token), {
      grantId,
      allowed,
      expiresAt: ports.now() + settings.tokenLifetime,
      ...(subject === undefined ? {} : { subject }),
      ...(clientId === undefined ? {} : { clientId }),
      ...(jkt === undefined ? {} : { jkt }),
    }),
    response: {
      access_token: token,
      token_type: jkt === undefined ? 'Bearer' : 'DPoP',
      expires_in: settings.tokenLifetime,
      ...(refresh === undefined
        ? {}
        : { refresh_token: writeRefreshToken({ grantId, generation: refresh }, ports.mac) }),
      ...(details.length === 0 ? {} : { authorization_details: details }),
    },
  }
}
