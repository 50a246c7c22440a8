/**
 * Sends a request with the access token of a grant; where that is over, with a new one, if the authorization server
 * gives it. RFC 6749 §6, RFC 6750 §3.1.
 */
import type { MaybePromise } from '@facet-id/credential/jose'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { HolderError } from '../../error.ts'
import type { Holding } from '../../holding.ts'
import { findGrant, type Grant, keepGrant } from '../../issuance/grant-store.ts'
import { renewAccess } from '../authorize.ts'
import { sendSigned } from '../send-signed.ts'

/**
 * @throws {HolderError} `grant_ended` where the server gives no more access; `token_not_bound`, `refused_by_peer`
 * @throws {ProtocolError} of the transport
 */
export async function sendProtected(
  make: (accessToken: string) => MaybePromise<WireRequest>,
  { grantId }: Pick<Grant, 'grantId'>,
  holding: Holding,
): Promise<WireResponse> {
  const send = async (grant: Grant): Promise<WireResponse> =>
    sendSigned(await make(grant.accessToken), { sender: grant.sender, token: grant }, holding)
  const { store, now } = holding.ports
  const grant = await findGrant(store, grantId)
  if (grant === undefined) throw gone()
  const { expiresAt, refreshToken } = grant
  const isOver = refreshToken !== undefined && expiresAt !== undefined && expiresAt <= now()
  if (isOver) return send(await renewedOf(grant, holding))
  const response = await send(grant)
  if (response.status !== 401 || refreshToken === undefined) return response
  return send(await renewedOf(grant, holding))
}

/**
 * One renewal a grant at a time, which all share who need it: a server that replaces refresh tokens takes each once,
 * and ends the grant where one comes twice (RFC 9700 §4.14.2).
 */
async function renewedOf(grant: Grant, holding: Holding): Promise<Grant> {
  const { renewals } = holding
  const { grantId } = grant
  const underWay = renewals.get(grantId)
  if (underWay !== undefined) return underWay
  const renewal = renew(grant, holding)
  renewals.set(grantId, renewal)
  try {
    return await renewal
  } finally {
    renewals.delete(grantId)
  }
}

/** Kept before it is used: a server that gives a new refresh token takes the old one no more. */
async function renew(read: Grant, holding: Holding): Promise<Grant> {
  const { store } = holding.ports
  const grant = (await findGrant(store, read.grantId)) ?? read
  // Another call was first.
  if (grant.accessToken !== read.accessToken) return grant
  try {
    const renewed = { ...(await renewAccess(grant, holding)), grantId: grant.grantId }
    await store.commit([keepGrant(renewed)])
    return renewed
  } catch (error) {
    if (!(error instanceof HolderError) || error.code !== 'grant_ended') throw error
    const { refreshToken: _, ...ended } = grant
    await store.commit([keepGrant(ended)])
    throw error
  }
}

function gone(): HolderError {
  return new HolderError('grant_ended', 'The access that this goes by is gone; a new offer is needed')
}
