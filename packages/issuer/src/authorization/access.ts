/**
 * What an access token stands for: who may have which credentials, each once on this token. Endpoints ask
 * `endpoints/access.ts` for it, and never look at a token themselves.
 */
import type { JsonObject } from '@facet-id/credential/json'
import { IssuerError } from '../error.ts'

export interface Access {
  /** Digest of the token: under this name requests with it take turns. */
  readonly tokenKey: string
  /** What a person, or the operator, once agreed to; several tokens may stand for it, one after the other. */
  readonly grantId: string
  /** Each may be issued once on this token. */
  readonly allowed: readonly AllowedCredential[]
  /** Who it is about, as the operator's user authentication, or `server`, calls them; absent for what was offered with its claims. */
  readonly subject?: string
  /** The authorization server whose token it is; absent: this issuer's own. */
  readonly server?: string
  /** Absent: the wallet never said who it is. */
  readonly clientId?: string
  /** Thumbprint of the key that proved itself with this request; absent for a bearer token. */
  readonly jkt?: string
  /** Seconds since the epoch. */
  readonly expiresAt: number
}

export interface AllowedCredential {
  readonly configurationId: string
  /** Where there is one, the credential is asked for by it alone (OpenID4VCI §8.2). */
  readonly credentialIdentifier?: string
  /** What the operator calls it, where it was offered; absent: it gets a name when it is issued. */
  readonly issuanceId?: string
  /** Absent: they are asked for when it is issued, or it was issued and they are gone. */
  readonly claims?: JsonObject
  /** On this token; it is not issued on it again. */
  readonly issued?: true
}

/** How a wallet names the credential that it asks for. */
export type CredentialAsked =
  | { readonly credential_configuration_id: string }
  | { readonly credential_identifier: string }

/**
 * The credential of that token that is asked for; `issued` where all such were. OpenID4VCI §8.2.
 *
 * @throws {IssuerError} `credential_identifier_unknown`; `configuration_not_authorized`, also for a
 * configuration that has to be asked for by its identifier
 */
export function allowedFor(access: Access, asked: CredentialAsked): AllowedCredential {
  const byIdentifier = 'credential_identifier' in asked
  const found = access.allowed.filter((allowed) =>
    byIdentifier
      ? allowed.credentialIdentifier === asked.credential_identifier
      : allowed.credentialIdentifier === undefined &&
        allowed.configurationId === asked.credential_configuration_id,
  )
  const [first] = found
  if (first === undefined) {
    throw byIdentifier
      ? new IssuerError(
          'credential_identifier_unknown',
          'The access token is good for no credential identifier of that name: the token response lists them',
        )
      : new IssuerError(
          'configuration_not_authorized',
          'The access token is not good for that credential configuration, or only by its credential identifiers',
        )
  }
  return found.find(({ issued }) => issued !== true) ?? first
}

/** The same words for all of them: who tries tokens learns nothing. */
export function accessUnusable(): IssuerError {
  return new IssuerError(
    'access_token_unusable',
    'The access token is unknown, expired, revoked or already used',
  )
}
