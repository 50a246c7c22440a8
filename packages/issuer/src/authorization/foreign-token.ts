/**
 * Access tokens of other authorization servers: what they are good for here. RFC 9068 §4, RFC 7662 §2.2,
 * OpenID4VCI 1.0 §5.1, §6.2.
 */
import type { TokenClaims } from '@facet-id/protocol/oauth/authorization'
import type { IssuerSettings } from '../settings.ts'
import { type AllowedCredential, accessUnusable } from './access.ts'
import type { AccessRecord } from './access-store.ts'
import type { ForeignServer } from './authorization-settings.ts'

/** Seconds by which clocks may differ. */
const SKEW = 10

export interface ForeignRules {
  readonly server: ForeignServer
  readonly settings: IssuerSettings
  /** Seconds since the epoch. */
  readonly now: number
  /** A name for what stands behind the token. */
  readonly grantId: string
}

/**
 * @throws {IssuerError} `access_token_unusable` for a token that is another server's, for another party, not good
 * now, about nobody, or not bound where it must be
 */
export function foreignAccess(
  claims: TokenClaims,
  { server, settings, now, grantId }: ForeignRules,
): AccessRecord {
  const { iss, aud, exp, nbf = 0, sub, client_id, cnf } = claims
  const jwt = server.tokens === 'jwt'
  if (iss === undefined ? jwt : iss !== server.issuer) throw accessUnusable()
  // RFC 9068 §4: the issuer must be named. RFC 7662 §2.2 lets a server say nothing, which is good enough where the
  // operator knows that it has no tokens for others.
  const audiences = typeof aud === 'string' ? [aud] : aud
  const mustBeNamed = jwt || server.audience !== 'optional'
  if (audiences === undefined ? mustBeNamed : !audiences.includes(settings.credential_issuer))
    throw accessUnusable()
  if (exp === undefined || exp <= now || nbf > now + SKEW) throw accessUnusable()
  if (sub === undefined) throw accessUnusable()
  const jkt = cnf?.jkt
  // A token that is bound in a way that is not known here would be taken from anybody.
  if (cnf !== undefined && jkt === undefined) throw accessUnusable()
  if (jkt === undefined && settings.authorization.dpop === 'required') throw accessUnusable()
  return {
    grantId,
    server: server.issuer,
    subject: sub,
    allowed: allowedBy(claims, settings),
    expiresAt: Math.floor(exp),
    ...(client_id === undefined ? {} : { clientId: client_id }),
    ...(jkt === undefined ? {} : { jkt }),
  }
}

function allowedBy(
  { scope = '', authorization_details = [] }: TokenClaims,
  { configurations }: IssuerSettings,
): readonly AllowedCredential[] {
  const byDetails = authorization_details.flatMap(
    ({ credential_configuration_id, credential_identifiers }) =>
      Object.hasOwn(configurations, credential_configuration_id)
        ? credential_identifiers.map((credentialIdentifier) => ({
            configurationId: credential_configuration_id,
            credentialIdentifier,
          }))
        : [],
  )
  const scopes = new Set(scope.split(' '))
  const byScope = Object.entries(configurations).flatMap(([configurationId, configuration]) =>
    scopes.has(configuration.scope) && !byDetails.some((one) => one.configurationId === configurationId)
      ? [{ configurationId }]
      : [],
  )
  return [...byDetails, ...byScope]
}
