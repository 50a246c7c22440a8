/**
 * What the operator decides about who may ask for credentials, and how. Only the settings of the endpoints that
 * exist count: without user authentication there is no authorization code flow.
 */
import type { PublicJwk } from '@facet-id/credential/jose'
import { IssuerError } from '../error.ts'
import { isRedirectUri } from './redirect-uri.ts'

export interface AuthorizationSettings {
  /** Wallets that the operator knows, by their `client_id`. Others must bring an attestation, or are refused. */
  readonly clients: Readonly<Record<string, RegisteredClient>>
  /** `required`: a request is pushed first, and what comes through the browser is refused (HAIP, FAPI 2.0). */
  readonly pushedRequests: 'required' | 'accepted'
  /**
   * Other authorization servers whose tokens are good here, in the order of the metadata, behind this issuer's own. What
   * a token is good for is what its scopes and authorization details say.
   */
  readonly servers: readonly ForeignServer[]
  /**
   * `unused`: the metadata lists `servers` alone, and offers are invitations for them. Absent: this issuer's own server
   * stands first.
   */
  readonly ownServer?: 'unused'
  /** Whether access tokens must be bound to a key; they are wherever a wallet proves one. */
  readonly dpop: 'required' | 'accepted'
  /** Whether wallets must be attested by a provider that the port believes (HAIP). */
  readonly clientAttestation: 'required' | 'accepted'
  /**
   * `when_present`: the proof of an attestation may leave our challenge out, for wallets that never answer one; it is
   * good once, for five minutes after it was made. Absent: `required`.
   */
  readonly attestationChallenge?: 'required' | 'when_present'
  /** Seconds for which a pushed request can be used; 5 to 600. */
  readonly pushedLifetime: number
  /** Seconds that a person has to log in and agree. */
  readonly flowLifetime: number
  /** Seconds for which a code can be redeemed; at most 60 (FAPI 2.0 §5.3.2.1). */
  readonly codeLifetime: number
  /**
   * Seconds that an access token lives which is bound to a key; at most a day. Absent: as long as one that is not, which
   * is `tokenLifetime`, five minutes at most.
   */
  readonly boundTokenLifetime?: number
  /**
   * Seconds for which a grant can be used again without the person; 0: no refresh tokens are given out, save where
   * something may be promised for later that no token would live to collect: then for `deferral.lifetime`, and for
   * collecting alone.
   */
  readonly refreshLifetime: number
  /** What a grant is used again for: to issue again, or only to collect what was promised. Absent: to issue. */
  readonly refreshFor?: 'issuing' | 'collecting'
}

export interface ForeignServer {
  /** Its identifier (RFC 8414 §2). */
  readonly issuer: string
  /** How its tokens are read: they are signed (RFC 9068), or it is asked about each (RFC 7662). */
  readonly tokens: 'jwt' | 'introspection'
  /**
   * Whether an introspection has to say that the token is for this issuer (`aud`); a JWT always has to. `optional` is
   * for servers that serve no other party: another's tokens would be good here. `required` when absent.
   */
  readonly audience?: 'required' | 'optional'
}

export interface RegisteredClient {
  /** Shown to the person who is asked. */
  readonly name: string
  /** Where the browser may go back to: exactly one of these, but for the port on this machine (RFC 8252 §7.3). */
  readonly redirectUris: readonly string[]
  /** With which it signs that it is who it says (RFC 7523); absent: anybody can say so. */
  readonly keys?: readonly ClientKey[]
}

export interface ClientKey {
  /** Absent: it is the only one. */
  readonly kid?: string
  readonly publicJwk: PublicJwk
}

export const defaultAuthorization: AuthorizationSettings = {
  clients: {},
  servers: [],
  pushedRequests: 'accepted',
  dpop: 'accepted',
  clientAttestation: 'accepted',
  pushedLifetime: 60,
  flowLifetime: 600,
  codeLifetime: 60,
  refreshLifetime: 0,
}

/** @throws {IssuerError} `settings_invalid` */
export function checkAuthorization(settings: AuthorizationSettings): void {
  const {
    clients,
    servers,
    pushedLifetime,
    flowLifetime,
    codeLifetime,
    refreshLifetime,
    boundTokenLifetime,
  } = settings
  require(isWithin(pushedLifetime, 5, 600), 'pushedLifetime is whole seconds from 5 to 600')
  require(isWithin(flowLifetime, 30, 3600), 'flowLifetime is whole seconds from 30 to 3600')
  require(isWithin(codeLifetime, 1, 60), 'codeLifetime is whole seconds from 1 to 60')
  require(boundTokenLifetime === undefined ||
    isWithin(boundTokenLifetime, 1, 86_400), 'boundTokenLifetime is whole seconds, at most a day')
  require(isWithin(refreshLifetime, 0, MAX_REFRESH), 'refreshLifetime is whole seconds, at most ten years')
  require(settings.ownServer === undefined ||
    servers.length > 0, 'servers names the one that is used where ownServer is unused')
  for (const [id, { redirectUris, name }] of Object.entries(clients)) {
    require(id !== '' && name !== '', 'each of clients has an identifier and a name')
    require(redirectUris.length > 0 &&
      redirectUris.every(
        isRedirectUri,
      ), `clients.${id}.redirectUris has https URLs, http on this machine, or private-use schemes with a dot`)
  }
}

const MAX_REFRESH = 10 * 366 * 24 * 3600

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isSafeInteger(value) && value >= least && value <= most
}

function require(holds: boolean, rule: string): void {
  if (!holds) {
    throw new IssuerError('settings_invalid', `The issuer's authorization settings must be such that ${rule}`)
  }
}
