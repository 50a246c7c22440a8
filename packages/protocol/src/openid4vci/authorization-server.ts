/**
 * Which authorization server grants access to what an issuer offers.
 * OpenID4VCI 1.0 §4.1.1, §12.2.4.
 */
import { ProtocolError } from '../error.ts'
import type { PreAuthorizedCodeGrant } from './credential-offer.ts'
import type { CredentialIssuerMetadata } from './metadata/credential-issuer-metadata.ts'

/**
 * The server to ask: the one that the offer names, else the issuer's first, else the issuer itself.
 *
 * @returns its identifier
 * @throws {ProtocolError} `message_malformed` when the offer names a server that is not the issuer's
 */
export function chooseAuthorizationServer(
  metadata: Pick<CredentialIssuerMetadata, 'credential_issuer' | 'authorization_servers'>,
  grant: Pick<PreAuthorizedCodeGrant, 'authorization_server'>,
): string {
  const servers = metadata.authorization_servers ?? []
  const named = grant.authorization_server
  // §4.1.1: "The value of this parameter MUST match with one of the values in the
  // authorization_servers array"; an offer could lead the code to anybody otherwise.
  if (named !== undefined && !servers.includes(named)) {
    throw new ProtocolError(
      'message_malformed',
      'The offer names an authorization server that the issuer does not list',
    )
  }
  return named ?? servers[0] ?? metadata.credential_issuer
}
