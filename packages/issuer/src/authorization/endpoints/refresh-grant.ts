/**
 * Token endpoint: another access token, without the person. RFC 6749 §6, RFC 9700 §2.2.2.
 *
 * A refresh token that is bound to a key or to a client that proves itself stays the same (FAPI 2.0 §5.3.2.1). Any
 * other is replaced at each use, and one that was replaced already ends the grant: two have it.
 */
import { type RefreshTokenRequest, writeTokenResponse } from '@facet-id/protocol/oauth'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { IssuerError } from '../../error.ts'
import type { Issuing } from '../../issuing.ts'
import { revokeGrant } from '../../journeys/revoke-grant.ts'
import { findStanding } from '../../offer/standing-store.ts'
import type { IssuerSettings } from '../../settings.ts'
import type { AllowedCredential } from '../access.ts'
import { checkGranted } from '../access-store.ts'
import type { Client } from '../client.ts'
import { checkGrant, findGrant, type GrantRecord, renewGrant } from '../flow/grant-store.ts'
import { mintAccess } from '../minting.ts'
import { readRefreshToken } from '../refresh-token.ts'
import { narrowed } from '../wanted.ts'
import { checkBound, commitOnce, findRequester, requesterOf } from './client-authentication.ts'

/** @throws {IssuerError} `refresh_token_unusable`, `client_unknown`, `scope_unknown`, `authorization_details_refused` */
export async function refreshAccess(
  asked: RefreshTokenRequest,
  request: WireRequest,
  issuing: Issuing,
): Promise<WireResponse> {
  const { ports, settings } = issuing
  const token = readRefreshToken(asked.refresh_token, ports.mac)
  const standing = token === undefined ? undefined : await findGrant(ports.store, token.grantId)
  if (token === undefined || standing === undefined) throw refreshUnusable()
  const { record } = standing
  const identify = record.clientId === undefined ? findRequester : requesterOf
  const requester = await identify(request, asked.client_id, issuing)
  const { client, jkt } = requester
  checkBound(jkt, issuing)
  checkHolder(record, client, jkt)
  if (token.generation !== record.generation) {
    await revokeGrant(record.grantId, issuing)
    throw refreshUnusable()
  }
  const allowed = withinScope(
    narrowed(record.allowed, asked.authorization_details, settings),
    asked,
    settings,
  )
  const bound = record.jkt !== undefined || (client !== undefined && client.provenBy !== 'none')
  const refresh = bound ? {} : { refresh: record.generation + 1 }
  const fresh = await Promise.all(allowed.map((one) => withoutPast(one, issuing)))
  const { open, response } = mintAccess({ grant: record, allowed: fresh, jkt, ...refresh }, issuing)
  const renewed = await commitOnce(
    [bound ? checkGrant(standing) : renewGrant(standing), open, checkGranted(record.grantId)],
    requester,
    issuing,
  )
  if (!renewed.ok) throw refreshUnusable()
  return writeTokenResponse(response)
}

/** DPOP-5-3, ABCA §9.3: bound to the client, to its very instance, and to the key of its tokens. */
function checkHolder(record: GrantRecord, client: Client | undefined, jkt: string | undefined): void {
  const same = record.clientId === client?.clientId && record.instanceKey === client?.instanceKey
  if (!same || (record.jkt !== undefined && record.jkt !== jkt)) throw refreshUnusable()
}

/** What was promised under a name was issued under it once; what is issued again gets a name of its own. */
async function withoutPast(one: AllowedCredential, { ports }: Issuing): Promise<AllowedCredential> {
  const { issuanceId, ...nameless } = one
  if (issuanceId === undefined) return one
  return (await findStanding(ports.store, issuanceId)) === undefined ? nameless : one
}

function withinScope(
  allowed: readonly AllowedCredential[],
  { scope }: RefreshTokenRequest,
  settings: IssuerSettings,
): readonly AllowedCredential[] {
  if (scope === undefined) return allowed
  const asked = new Set(scope.split(' '))
  // One that the operator no longer issues has no scope any more.
  const scopes = Object.entries(settings.configurations).filter(([, own]) => asked.has(own.scope))
  const known = new Set(scopes.map(([id]) => id))
  const left = allowed.filter(({ configurationId }) => known.has(configurationId))
  if (left.length > 0) return left
  throw new IssuerError('scope_unknown', 'The scope must be one that was granted')
}

function refreshUnusable(): IssuerError {
  return new IssuerError(
    'refresh_token_unusable',
    'The refresh token is unknown, expired, revoked, replaced, or of another client or key',
  )
}
