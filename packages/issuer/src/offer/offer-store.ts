/** Offers that were made and not yet redeemed, by the digest of their pre-authorized code. */
import type { JsonObject } from '@facet-id/credential/json'
import { type Op, recordForm, type Store, type Version } from '@facet-id/store'

const NS = 'issuer/offer'

export interface OfferRecord {
  readonly issuanceId: string
  readonly configurationId: string
  readonly claims: JsonObject
  /** Absent: no transaction code is asked for. */
  readonly txCodeDigest?: string
  /** Transaction codes tried so far. */
  readonly tries: number
  /** Seconds since the epoch. */
  readonly expiresAt: number
}

const form = recordForm<OfferRecord>(1)

export interface StandingOffer {
  readonly key: string
  readonly version: Version
  readonly record: OfferRecord
}

export function keepOffer(key: string, record: OfferRecord): Op {
  return {
    op: 'put',
    ns: NS,
    key,
    value: form.write(record),
    if: 'new',
    expiresAt: record.expiresAt * 1000,
  }
}

export async function findOffer(store: Store, key: string): Promise<StandingOffer | undefined> {
  const entry = await store.get(NS, key)
  return entry && { key, version: entry.version, record: form.read(entry.value) }
}

/**
 * Whoever takes it first redeems it. An offer without a transaction code never changes, so that its version says all
 * and its claims need not be opened again; one whose tries are counted is taken whatever others tried meanwhile.
 */
export function takeOffer({ key, version, record }: StandingOffer): readonly Op[] {
  if (record.txCodeDigest !== undefined) return [{ op: 'take', ns: NS, key }]
  return [
    { op: 'check', ns: NS, key, version },
    { op: 'del', ns: NS, key },
  ]
}

/**
 * One more try at the transaction code. Counted before the code is looked at, so that a thousand
 * guesses sent at once are no more than a few guesses.
 */
export function countTry({ key, version, record }: StandingOffer): Op {
  const value = form.write({ ...record, tries: record.tries + 1 })
  return { op: 'put', ns: NS, key, value, if: { version }, expiresAt: record.expiresAt * 1000 }
}

/** The offer and the claims in it are gone. */
export function endOffer({ key }: Pick<StandingOffer, 'key'>): Op {
  return { op: 'del', ns: NS, key }
}
