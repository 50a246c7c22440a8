/**
 * Takes back what was promised or issued: an offer that was not redeemed is withdrawn, and of what was issued
 * every copy is revoked, those of the same credential under the same grant too, and the lists they stand in are
 * published. The grant ends.
 */
import type { Op } from '@facet-id/store'
import { IssuerError } from '../error.ts'
import { deferredKey, endDeferred, findDeferred, transactionId } from '../issuance/deferred-store.ts'
import { endHandOver } from '../issuance/hand-over-store.ts'
import { findIssuance, type IssuanceRecord, issuedUnder, recordRevoked } from '../issuance/issuance-store.ts'
import type { Issuing } from '../issuing.ts'
import { endOffer } from '../offer/offer-store.ts'
import { offerReference } from '../offer/offering.ts'
import { endReferred, referredKey } from '../offer/referred-store.ts'
import { findStanding, takeStanding } from '../offer/standing-store.ts'
import { revokeEntry } from '../status/status-store.ts'
import { endingGrant } from './revoke-grant.ts'

export interface Revoked {
  /** With those of the same credential that were issued later, or earlier, under the same grant; 0 when none had been. */
  readonly copies: number
  /** Seconds since the epoch. */
  readonly revokedAt: number
}

/** @throws {IssuerError} `issuance_unknown`, `state_contended` */
export async function revoke(issuanceId: string, issuing: Issuing): Promise<Revoked> {
  const { store, now, mac, hash } = issuing.ports
  const issued = await findIssuance(store, issuanceId)
  if (issued !== undefined) return revokeIssued(issued, issuing)
  const standing = await findStanding(store, issuanceId)
  if (standing !== undefined) {
    const withdrawn = await store.commit([
      takeStanding(issuanceId),
      endOffer({ key: standing.offerKey }),
      endReferred(referredKey(offerReference(issuanceId, mac), hash)),
      ...(await endingGrant(issuanceId, issuing)),
    ])
    if (withdrawn.ok) return { copies: 0, revokedAt: now() }
    // A wallet was quicker: then there is something to revoke.
    const late = await findIssuance(store, issuanceId)
    if (late !== undefined) return revokeIssued(late, issuing)
  }
  // What is promised for later is taken back in the same way: nobody has anything of it yet.
  const deferred = await findDeferred(store, deferredKey(transactionId(issuanceId, mac), hash))
  if (deferred !== undefined) {
    await store.commit([endDeferred(deferred.key), ...(await endingGrant(issuanceId, issuing))])
    const late = await findIssuance(store, issuanceId)
    return late === undefined ? { copies: 0, revokedAt: now() } : revokeIssued(late, issuing)
  }
  throw new IssuerError(
    'issuance_unknown',
    'Nothing was offered or issued under that id, or the offer is over',
  )
}

/**
 * The grant ends first: from then on nothing is issued under it, and what was is all there. A refresh that was quicker
 * issued the same credential once more, and it goes too.
 */
async function revokeIssued(issued: IssuanceRecord, issuing: Issuing): Promise<Revoked> {
  const { ports, publisher } = issuing
  const { issuanceId, configurationId, grantId = issuanceId } = issued
  const revokedAt = issued.revokedAt ?? ports.now()
  await ports.store.commit([...revoking(issued, revokedAt), ...(await endingGrant(grantId, issuing))])
  const others = (await issuedUnder(ports.store, grantId)).filter(
    (other) => other.issuanceId !== issuanceId && other.configurationId === configurationId,
  )
  for (const other of others) await ports.store.commit(revoking(other, other.revokedAt ?? revokedAt))
  const entries = [issued, ...others].flatMap((one) => one.entries)
  for (const list of new Set(entries.map(({ list }) => list))) await publisher.publish(list)
  return { copies: entries.length, revokedAt }
}

function revoking(issued: IssuanceRecord, revokedAt: number): readonly Op[] {
  return [
    ...issued.entries.map(revokeEntry),
    recordRevoked(issued, revokedAt),
    endHandOver(issued.issuanceId),
  ]
}
