/** Revocation endpoint: a wallet gives up what it was granted. RFC 7009. */
import { readRevocationRequest, writeRevocationResponse } from '@facet-id/protocol/oauth/authorization'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { IssuerError } from '../../error.ts'
import type { Issuing } from '../../issuing.ts'
import { revokeGrant } from '../../journeys/revoke-grant.ts'
import { findAccess } from '../access-store.ts'
import { findGrant } from '../flow/grant-store.ts'
import { readRefreshToken } from '../refresh-token.ts'
import { findRequester } from './client-authentication.ts'

/**
 * With either token the whole grant ends: a wallet that gives one up wants no more of it (§2.1).
 *
 * @throws {IssuerError} `token_of_another`, `client_unknown`
 */
export async function answerRevocation(request: WireRequest, issuing: Issuing): Promise<WireResponse> {
  const { token, client_id } = readRevocationRequest(request)
  const { client } = await findRequester(request, client_id, issuing)
  const grant = await grantOf(token, issuing)
  // §2.2: a token that means nothing here is as revoked as can be.
  if (grant === undefined) return writeRevocationResponse()
  if (grant.clientId !== client?.clientId) {
    throw new IssuerError('token_of_another', 'The token was given to another client')
  }
  await revokeGrant(grant.grantId, issuing)
  return writeRevocationResponse()
}

async function grantOf(
  token: string,
  { ports }: Issuing,
): Promise<{ readonly grantId: string; readonly clientId?: string } | undefined> {
  const refresh = readRefreshToken(token, ports.mac)
  if (refresh !== undefined) return (await findGrant(ports.store, refresh.grantId))?.record
  return findAccess(ports.store, ports.hash('sha-256', token))
}
