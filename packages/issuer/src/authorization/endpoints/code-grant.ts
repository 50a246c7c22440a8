/** Token endpoint: an authorization code becomes an access token, once. RFC 6749 §4.1.3, RFC 7636 §4.6. */
import { type AuthorizationCodeTokenRequest, writeTokenResponse } from '@facet-id/protocol/oauth'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { IssuerError } from '../../error.ts'
import type { Issuing } from '../../issuing.ts'
import { revokeGrant } from '../../journeys/revoke-grant.ts'
import { checkGranted } from '../access-store.ts'
import type { Client } from '../client.ts'
import { checkVerifier, isVerifier } from '../code-challenge.ts'
import { type CodeHolder, type CodeRecord, findCode, spendCode } from '../flow/code-store.ts'
import { keepGrant, keptGrant } from '../flow/grant-store.ts'
import { mintAccess } from '../minting.ts'
import { narrowed } from '../wanted.ts'
import { checkBound, checkSenderKey, commitOnce, requesterOf } from './client-authentication.ts'

/**
 * @throws {IssuerError} `client_unknown`, `code_unusable`, `code_verifier_wrong`, `sender_key_differs`,
 * `authorization_details_refused`: none of them uses the code up
 */
export async function redeemCode(
  asked: AuthorizationCodeTokenRequest,
  request: WireRequest,
  issuing: Issuing,
): Promise<WireResponse> {
  const { ports, settings } = issuing
  const requester = await requesterOf(request, asked.client_id, issuing)
  const { client, jkt } = requester
  checkBound(jkt, issuing)
  const standing = await findCode(ports.store, ports.hash('sha-256', asked.code))
  if (standing === undefined) throw codeUnusable()
  const { record } = standing
  if ('spent' in record) {
    const { grantId, holder } = record
    // Whoever knows no more than the code ends nobody's grant with it.
    if (holder === undefined || isHolder(holder, asked, client, issuing)) await revokeGrant(grantId, issuing)
    throw codeUnusable()
  }
  checkRedeemer(record, asked, client)
  checkVerifier(record.codeChallenge, asked.code_verifier, ports.hash)
  checkSenderKey(record.dpopJkt, jkt)
  const allowed = narrowed(record.grant.allowed, asked.authorization_details, settings)
  const grant = { ...record.grant, ...(jkt === undefined ? {} : { jkt }) }
  const { refreshLifetime, refreshFor = 'issuing' } = settings.authorization
  const refreshes = refreshLifetime > 0
  const refresh = refreshes ? { refresh: grant.generation } : {}
  const { open, response } = mintAccess({ grant, allowed, jkt, ...refresh }, issuing)
  const redeemed = await commitOnce(
    [
      spendCode(standing, { ...record, grant }),
      open,
      keepGrant(
        keptGrant(grant, {
          used: refreshes ? refreshFor : 'never',
          asksClaims: ports.subjectClaims !== undefined,
        }),
      ),
      checkGranted(grant.grantId),
    ],
    requester,
    issuing,
  )
  // RFC 6749 §4.1.2: a code that comes twice was stolen, or its thief was first: nobody has anything of it.
  if (!redeemed.ok) {
    await revokeGrant(grant.grantId, issuing)
    throw codeUnusable()
  }
  return writeTokenResponse(response)
}

function isHolder(
  { clientId, instanceKey, codeChallenge }: CodeHolder,
  { code_verifier }: AuthorizationCodeTokenRequest,
  client: Client,
  { ports }: Issuing,
): boolean {
  if (clientId !== client.clientId || instanceKey !== client.instanceKey) return false
  return isVerifier(codeChallenge, code_verifier, ports.hash)
}

function checkRedeemer(
  { grant, redirectUri }: CodeRecord,
  asked: AuthorizationCodeTokenRequest,
  client: Client,
): void {
  if (grant.clientId !== client.clientId || grant.instanceKey !== client.instanceKey) throw codeUnusable()
  // RFC 6749 §4.1.3: required, and identical, where the authorization request had one.
  if (redirectUri !== asked.redirect_uri) throw codeUnusable()
}

function codeUnusable(): IssuerError {
  return new IssuerError(
    'code_unusable',
    'The code is unknown, expired, used, or of another client or redirect_uri; ask for authorization again',
  )
}
