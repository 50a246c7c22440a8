/**
 * Promises a credential to one person: the claims are held against the configuration and rehearsed, our
 * engine and the second one read what would be issued, and then the offer is kept.
 */
import { longestTokenLifetime } from '../authorization/minting.ts'
import { draftingOf } from '../issuance/issuance.ts'
import { type CopyToRead, checkSeen, configurationStopped } from '../issuance/second-opinion.ts'
import { checkIssuing } from '../issuance/stopped-store.ts'
import type { Issuing } from '../issuing.ts'
import { checkClaims, misfit } from '../offer/claims.ts'
import { keepOffer } from '../offer/offer-store.ts'
import { type MadeOffer, makeOffer, type OfferRequest, offerReference } from '../offer/offering.ts'
import { keepReferred, referredKey } from '../offer/referred-store.ts'
import { keepStanding } from '../offer/standing-store.ts'
import { configurationOf } from '../settings.ts'

/**
 * @throws {IssuerError} `configuration_unknown`, `claims_do_not_fit`, `settings_invalid`,
 * `configuration_stopped`
 */
export async function offer(request: OfferRequest, issuing: Issuing): Promise<MadeOffer> {
  const { ports, settings, types } = issuing
  const { configurationId } = request
  const configuration = configurationOf(settings, configurationId)
  const own = types.get(configurationId)
  const rehearsed = checkClaims(draftingOf(request.claims, configuration, { ports, settings, own }))
  const { made, key, record } = makeOffer(request, { ...ports, settings, now: ports.now() })
  const { issuanceId, expiresAt } = made
  // Written before anything is waited for: what the operator does with the claims meanwhile changes nothing.
  const ops = [
    checkIssuing(configurationId, ports.hash),
    keepOffer(key, record),
    keepStanding({ issuanceId, offerKey: key }, expiresAt + longestTokenLifetime(settings)),
    ...(request.by === 'reference'
      ? [keepReferred(referredKey(offerReference(issuanceId, ports.mac), ports.hash), made.offer, expiresAt)]
      : []),
  ]
  await readRehearsed(rehearsed, issuing)
  const kept = await ports.store.commit(ops)
  if (!kept.ok) throw configurationStopped()
  return made
}

/**
 * The claims of one person that the second engine cannot read are refused here, to the operator alone. Met
 * at issuance they would stop the configuration for everybody.
 */
export async function readRehearsed({ credential, draft }: CopyToRead, { ports }: Issuing): Promise<void> {
  if (ports.secondReading === undefined) return
  try {
    checkSeen(await ports.secondReading(credential), draft)
  } catch (cause) {
    const why = 'A second engine cannot read these claims as they are written; the cause tells why'
    throw misfit(why, cause)
  }
}
