/** Revocation endpoint: a wallet gives up what it was granted. RFC 7009. */
import { readRevocationRequest, writeRevocationResponse } from '@facet-id/protocol/oauth/authorization'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { IssuerError } from '../../error.ts'
import type { Issuing } from '../../issuing.ts'
import { endingGrant } from '../../journeys/revoke-grant.ts'
import { findAccess } from '../access-store.ts'
import { findGrant } from '../flow/grant-store.ts'
import { readRefreshToken } from '../refresh-token.ts'
import { commitOnce, findRequester } from './client-authentication.ts'

/**
 * With either token the whole grant ends: a wallet that gives one up wants no more of it (§2.1).
 *
 * @throws {IssuerError} `token_of_another`, `client_unknown`, and those of a proof that was used before
 */
export async function answerRevocation(request: WireRequest, issuing: Issuing): Promise<WireResponse> {
  const { token, client_id } = readRevocationRequest(request)
  const requester = await findRequester(request, client_id, issuing)
  const grant = await grantOf(token, issuing)
  // §2.2: a token that means nothing here is as revoked as can be.
  if (grant !== undefined && grant.clientId !== requester.client?.clientId) {
    throw new IssuerError('token_of_another', 'The token was given to another client')
  }
  await commitOnce(grant === undefined ? [] : await endingGrant(grant.grantId, issuing), requester, issuing)
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
