/** The authorization servers of an issuer, and how an offer names one of them. OpenID4VCI 1.0 §4.1.1, §12.2.4. */
import { IssuerError } from '../error.ts'
import type { IssuerSettings } from '../settings.ts'

type Known = Pick<IssuerSettings, 'credential_issuer' | 'authorization'>

/** In the order of the metadata; this issuer's own first, unless it serves nobody. */
export function listedServers({ credential_issuer, authorization }: Known): readonly string[] {
  const others = authorization.servers.map(({ issuer }) => issuer)
  return authorization.ownServer === 'unused' ? others : [credential_issuer, ...others]
}

/**
 * What a grant of an offer says of its server: named where there are several to choose from, and never otherwise.
 *
 * @throws {IssuerError} `settings_invalid` for a server that is not listed
 */
export function namedServer(server: string, settings: Known): { readonly authorization_server?: string } {
  const listed = listedServers(settings)
  if (!listed.includes(server)) {
    throw new IssuerError(
      'settings_invalid',
      'An offer is for an authorization server that the settings name, and for our own only where it is used',
    )
  }
  return listed.length === 1 ? {} : { authorization_server: server }
}
