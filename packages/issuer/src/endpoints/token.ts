/** Token endpoint: a code, a pre-authorized code or a refresh token becomes an access token. OpenID4VCI 1.0 §6. */
import { writeBase64url } from '@facet-id/credential/base64url'
import {
  AUTHORIZATION_CODE_GRANT,
  PRE_AUTHORIZED_CODE_GRANT,
  type PreAuthorizedCodeTokenRequest,
  REFRESH_TOKEN_GRANT,
  readTokenRequest,
  writeTokenResponse,
} from '@facet-id/protocol/oauth'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { checkBound, commitOnce, findRequester } from '../authorization/endpoints/client-authentication.ts'
import { redeemCode } from '../authorization/endpoints/code-grant.ts'
import { refreshAccess } from '../authorization/endpoints/refresh-grant.ts'
import { keepGrant, keptGrant } from '../authorization/flow/grant-store.ts'
import { mintAccess } from '../authorization/minting.ts'
import { checkResource, narrowed } from '../authorization/wanted.ts'
import { IssuerError } from '../error.ts'
import { configurationStopped } from '../issuance/second-opinion.ts'
import { checkIssuing, isStopped } from '../issuance/stopped-store.ts'
import type { Issuing } from '../issuing.ts'
import { type GuessedOffer, recordGuessed } from '../offer/guessed-store.ts'
import { countTry, findOffer, type StandingOffer, takeOffer } from '../offer/offer-store.ts'
import { codeKey, txCodeDigest } from '../offer/offering.ts'
import { endStanding } from '../offer/standing-store.ts'

/**
 * @throws {IssuerError} `grant_type_unsupported`, `resource_refused`, and those of each grant
 */
export async function answerToken(request: WireRequest, issuing: Issuing): Promise<WireResponse> {
  const { settings, ports } = issuing
  const asked = readTokenRequest(request)
  checkResource(asked, settings)
  switch (asked.grant_type) {
    case PRE_AUTHORIZED_CODE_GRANT:
      return redeemOffer(asked, request, issuing)
    case AUTHORIZATION_CODE_GRANT:
      if (ports.userAuthentication !== undefined) return redeemCode(asked, request, issuing)
      throw unsupported()
    case REFRESH_TOKEN_GRANT:
      if (settings.authorization.refreshLifetime > 0) return refreshAccess(asked, request, issuing)
      throw unsupported()
  }
}

/**
 * @throws {IssuerError} `pre_authorized_code_unusable`, `tx_code_unexpected`, `tx_code_wrong`,
 * `configuration_stopped`: the code stays good, and no try is counted
 */
async function redeemOffer(
  asked: PreAuthorizedCodeTokenRequest,
  request: WireRequest,
  issuing: Issuing,
): Promise<WireResponse> {
  const { settings, ports } = issuing
  const requester = await findRequester(request, asked.client_id, issuing)
  const { client, jkt } = requester
  checkBound(jkt, issuing)
  const found = await redeemable(asked, issuing)
  const { issuanceId, configurationId, claims } = found.record
  const promised = narrowed([{ configurationId, issuanceId, claims }], asked.authorization_details, settings)
  // Last, so that no try is lost on a request that could not succeed.
  const offer = await tried(found, asked, issuing)
  // Asked for by details, they are given by identifiers (§6.2).
  const allowed =
    asked.authorization_details === undefined
      ? promised
      : promised.map((one) => ({ ...one, credentialIdentifier: writeBase64url(ports.random(16)) }))
  const { refreshLifetime, refreshFor = 'issuing' } = settings.authorization
  const now = ports.now()
  const grant = {
    // The operator knows the offer by this name, and can revoke by it what comes of it.
    grantId: issuanceId,
    ...(client === undefined ? {} : { clientId: client.clientId }),
    ...(client?.instanceKey === undefined ? {} : { instanceKey: client.instanceKey }),
    ...(jkt === undefined ? {} : { jkt }),
    allowed,
    generation: 1,
    openedAt: now,
    expiresAt: now + refreshLifetime,
  }
  const refreshed = refreshLifetime > 0
  const { open, response } = mintAccess(
    { grant, allowed, jkt, ...(refreshed ? { refresh: grant.generation } : {}) },
    issuing,
  )
  // A code is redeemed by whoever takes it first.
  const redeemed = await commitOnce(
    [
      checkIssuing(configurationId, ports.hash),
      ...takeOffer(offer),
      open,
      ...(refreshed ? [keepGrant(keptGrant(grant, { used: refreshFor, asksClaims: false }))] : []),
    ],
    requester,
    issuing,
  )
  if (!redeemed.ok) throw redeemed.failed === 0 ? configurationStopped() : unusable()
  return writeTokenResponse(response)
}

/** The offer that this request may redeem, if its transaction code is right. */
async function redeemable(asked: PreAuthorizedCodeTokenRequest, issuing: Issuing): Promise<StandingOffer> {
  const { ports } = issuing
  const key = codeKey(asked['pre-authorized_code'], ports.hash)
  const offer = key === undefined ? undefined : await findOffer(ports.store, key)
  if (offer === undefined) throw unusable()
  if (await isStopped(ports.store, offer.record.configurationId, ports.hash)) throw configurationStopped()
  const { txCodeDigest: wanted } = offer.record
  if ((wanted === undefined) !== (asked.tx_code === undefined)) {
    throw new IssuerError(
      'tx_code_unexpected',
      wanted === undefined
        ? 'This offer asks for no transaction code'
        : 'This offer asks for a transaction code: send tx_code',
    )
  }
  return offer
}

/** A wrong transaction code costs one of a few tries. */
async function tried(
  offer: StandingOffer,
  { 'pre-authorized_code': code, tx_code }: PreAuthorizedCodeTokenRequest,
  issuing: Issuing,
): Promise<StandingOffer> {
  const { ports, settings } = issuing
  const { txCodeDigest: wanted } = offer.record
  if (wanted === undefined || tx_code === undefined) return offer
  const counted = await countedTry(offer, issuing)
  if (txCodeDigest(code, tx_code, ports.mac) === wanted) return counted
  if (counted.record.tries < settings.txCodeTries) {
    throw new IssuerError('tx_code_wrong', 'The transaction code is not the one that was sent to the person')
  }
  await endGuessed(counted, issuing)
  throw unusable()
}

/**
 * Whoever counted the last try ends the offer, or, where that one fell over before, whoever comes next: one of all that
 * guessed, so the operator hears of it once.
 */
async function endGuessed(offer: StandingOffer, { ports }: Issuing): Promise<void> {
  const { issuanceId, configurationId, tries } = offer.record
  const guessed: GuessedOffer = { issuanceId, configurationId, tries, guessedAt: ports.now() }
  const ops = [...takeOffer(offer), endStanding(issuanceId), recordGuessed(guessed)]
  if (!(await ports.store.commit(ops)).ok) return
  try {
    ports.onGuessed?.(guessed)
  } catch {
    // It is recorded, and the peer is answered all the same.
  }
}

/** Each try is counted by itself; who loses a race for the counter reads it again. */
async function countedTry(offer: StandingOffer, issuing: Issuing): Promise<StandingOffer> {
  const { ports, settings } = issuing
  let standing: StandingOffer | undefined = offer
  while (standing !== undefined && standing.record.tries < settings.txCodeTries) {
    const counted = await ports.store.commit([countTry(standing)])
    if (counted.ok) return { ...standing, record: { ...standing.record, tries: standing.record.tries + 1 } }
    standing = await findOffer(ports.store, offer.key)
  }
  if (standing !== undefined) await endGuessed(standing, issuing)
  throw unusable()
}

function unusable(): IssuerError {
  return new IssuerError(
    'pre_authorized_code_unusable',
    'The pre-authorized code is unknown, expired, spent, or was tried too often; ask for a new offer',
  )
}

function unsupported(): IssuerError {
  return new IssuerError(
    'grant_type_unsupported',
    'This server takes no grant of that type: see its metadata',
  )
}
