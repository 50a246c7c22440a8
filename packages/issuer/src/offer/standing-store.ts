/**
 * Issuances that were promised and neither issued nor taken back: by the operator's id, and where their
 * offer is. Whoever takes the record decides between issuing and taking back.
 */
import { type Op, recordForm, type Store } from '@facet-id/store'

const NS = 'issuer/standing'

export interface Standing {
  readonly issuanceId: string
  /** The key of the offer, which may have been redeemed for a token by now. */
  readonly offerKey: string
}

const form = recordForm<Standing>(1)

/** @param until seconds since the epoch: as long as the offer, and a token for it, may live */
export function keepStanding(standing: Standing, until: number): Op {
  const value = form.write(standing)
  return { op: 'put', ns: NS, key: standing.issuanceId, value, if: 'new', expiresAt: until * 1000 }
}

export async function findStanding(store: Store, issuanceId: string): Promise<Standing | undefined> {
  const entry = await store.get(NS, issuanceId)
  return entry && form.read(entry.value)
}

export function takeStanding(issuanceId: string): Op {
  return { op: 'take', ns: NS, key: issuanceId }
}

/** Nothing will come of it; absence is no refusal. */
export function endStanding(issuanceId: string): Op {
  return { op: 'del', ns: NS, key: issuanceId }
}
