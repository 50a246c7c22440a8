/**
 * What an authorization server is asked for, and which server that is. OpenID4VCI 1.0 §4.1.1, §5.1, §12.2.4.
 */
import { AUTHORIZATION_CODE_GRANT, type AuthorizationServerMetadata } from '@facet-id/protocol/oauth'
import { type CredentialAuthorization, OPENID_CREDENTIAL } from '@facet-id/protocol/oauth/authorization'
import type { CredentialIssuerMetadata } from '@facet-id/protocol/openid4vci'
import { HolderError } from '../error.ts'
import type { WhatIsAsked } from './authorization-state.ts'

/** Of the servers of an issuer so many are asked, one after the other. */
const ASKED = 8

/**
 * The servers that may be asked, in the issuer's order; the offer's own choice is the only one.
 *
 * @returns their identifiers, at least one
 * @throws {HolderError} `metadata_mismatch` when the offer names a server that the issuer does not list: a code
 * could be led to anybody otherwise
 */
export function serversFor(
  {
    credential_issuer: issuer,
    authorization_servers: servers = [],
  }: Pick<CredentialIssuerMetadata, 'credential_issuer' | 'authorization_servers'>,
  named?: string,
): readonly string[] {
  if (named === undefined) return servers.length === 0 ? [issuer] : servers.slice(0, ASKED)
  if (!servers.includes(named)) {
    throw new HolderError(
      'metadata_mismatch',
      'The offer names an authorization server that the issuer does not list',
    )
  }
  return [named]
}

/** Whether a server takes that grant; one that does not say may (RFC 8414 §2: the grant of a code is its default). */
export function servesGrant(
  { grant_types_supported: grants }: AuthorizationServerMetadata,
  grant: string,
): boolean {
  return grants === undefined || grants.includes(grant)
}

/** One value alone (RFC 6749 §3.3): with a blank in it an issuer would have a shared server asked for more. */
const SCOPE = /^[\x21\x23-\x5B\x5D-\x7E]+$/

/**
 * How those configurations are named: by their scopes, which HAIP wants each of them to have and to be asked for by
 * (§4.3); by their details where one has none.
 *
 * @throws {HolderError} `offer_unsupported` where one has no scope, and the server knows no details
 */
export function askedFor(
  metadata: CredentialIssuerMetadata,
  configurationIds: readonly string[],
  server: AuthorizationServerMetadata,
): WhatIsAsked {
  const issuer = metadata.credential_issuer
  // §5.1.1: where the issuer names authorization servers, `locations` MUST contain its identifier.
  const isShared = metadata.authorization_servers !== undefined
  const scopes = configurationIds.map((id) => metadata.credential_configurations_supported[id]?.scope ?? '')
  if (scopes.every((scope) => SCOPE.test(scope))) {
    const scope = [...new Set(scopes)].join(' ')
    return { scope, ...(isShared ? { resource: issuer } : {}) }
  }
  if (server.authorization_details_types_supported?.includes(OPENID_CREDENTIAL) === false) {
    throw new HolderError(
      'offer_unsupported',
      'A credential on offer has no scope, and its authorization server knows no authorization details',
    )
  }
  const details = configurationIds.map(
    (credential_configuration_id): CredentialAuthorization => ({
      type: OPENID_CREDENTIAL,
      credential_configuration_id,
      ...(isShared ? { locations: [issuer] } : {}),
    }),
  )
  return { details }
}

/** @throws {HolderError} `offer_unsupported` where a browser would have to go there, and cannot */
export function authorizationEndpointOf(server: AuthorizationServerMetadata): string {
  const { authorization_endpoint: endpoint, code_challenge_methods_supported: methods } = server
  if (endpoint === undefined || !servesGrant(server, AUTHORIZATION_CODE_GRANT)) {
    throw new HolderError('offer_unsupported', 'The authorization server asks no person for consent')
  }
  // RFC 9700 §2.1.1: without PKCE a stolen code could be redeemed by anybody.
  if (methods !== undefined && !methods.includes('S256')) {
    throw new HolderError('offer_unsupported', 'The authorization server does not know PKCE with S256')
  }
  return endpoint
}
