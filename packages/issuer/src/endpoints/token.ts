/** Token endpoint: a pre-authorized code becomes an access token, once. OpenID4VCI 1.0 §6. */
import { writeBase64url } from '@facet-id/credential/base64url'
import {
  PRE_AUTHORIZED_CODE_GRANT,
  type PreAuthorizedCodeTokenRequest,
  readTokenRequest,
  writeTokenResponse,
} from '@facet-id/protocol/oauth'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { openAccess } from '../authorization/access-store.ts'
import { IssuerError } from '../error.ts'
import { configurationStopped } from '../issuance/second-opinion.ts'
import { checkIssuing, isStopped } from '../issuance/stopped-store.ts'
import type { Issuing } from '../issuing.ts'
import { countTry, endOffer, findOffer, type StandingOffer, takeOffer } from '../offer/offer-store.ts'
import { codeKey, txCodeDigest } from '../offer/offering.ts'
import { endStanding } from '../offer/standing-store.ts'

/**
 * @throws {IssuerError} `pre_authorized_code_unusable`, `tx_code_unexpected`, `tx_code_wrong`,
 * `configuration_stopped`: the code stays good, and no try is counted
 */
export async function answerToken(request: WireRequest, issuing: Issuing): Promise<WireResponse> {
  const { settings, ports } = issuing
  const asked = readTokenRequest(request)
  if (asked.grant_type !== PRE_AUTHORIZED_CODE_GRANT) {
    throw new IssuerError('grant_type_unsupported', 'Only pre-authorized codes are taken here')
  }
  const offer = await redeemable(asked, issuing)
  const token = writeBase64url(ports.random(32))
  const { issuanceId, configurationId, claims } = offer.record
  const expiresAt = ports.now() + settings.tokenLifetime
  const access = openAccess(ports.hash('sha-256', token), {
    // The operator knows the offer by this name, and can revoke by it what comes of it.
    grantId: issuanceId,
    allowed: [{ configurationId, issuanceId, claims }],
    expiresAt,
  })
  // A code is redeemed by whoever takes it first.
  const redeemed = await ports.store.commit([
    checkIssuing(configurationId, ports.hash),
    takeOffer(offer),
    access,
  ])
  if (!redeemed.ok) throw redeemed.failed === 0 ? configurationStopped() : unusable()
  return writeTokenResponse({ access_token: token, token_type: 'Bearer', expires_in: settings.tokenLifetime })
}

/** The offer that this request may redeem. A wrong transaction code costs one of a few tries. */
async function redeemable(asked: PreAuthorizedCodeTokenRequest, issuing: Issuing): Promise<StandingOffer> {
  const { ports, settings } = issuing
  const code = asked['pre-authorized_code']
  const key = codeKey(code, ports.hash)
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
  if (wanted === undefined || asked.tx_code === undefined) return offer
  const counted = await countedTry(offer, issuing)
  if (txCodeDigest(code, asked.tx_code, ports.mac) === wanted) return counted
  if (counted.record.tries < settings.txCodeTries) {
    throw new IssuerError('tx_code_wrong', 'The transaction code is not the one that was sent to the person')
  }
  await ports.store.commit([endOffer(counted), endStanding(counted.record.issuanceId)])
  throw unusable()
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
  throw unusable()
}

function unusable(): IssuerError {
  return new IssuerError(
    'pre_authorized_code_unusable',
    'The pre-authorized code is unknown, expired, spent, or was tried too often; ask for a new offer',
  )
}
