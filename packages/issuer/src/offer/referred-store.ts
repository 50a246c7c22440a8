/** Offers that are fetched, by the digests of their references, for as long as they can be redeemed. */
import type { Hash } from '@facet-id/credential/jose'
import type { CredentialOffer } from '@facet-id/protocol/openid4vci'
import { type Op, recordForm, type Store } from '@facet-id/store'

const NS = 'issuer/offer-by-reference'

const form = recordForm<{ readonly offer: CredentialOffer }>(1)

/** Kept as a digest: who reads the names of what rests fetches nothing. */
export function referredKey(reference: string, hash: Hash): string {
  return hash('sha-256', `offer_reference.${reference}`)
}

/** @param until seconds since the epoch */
export function keepReferred(key: string, offer: CredentialOffer, until: number): Op {
  return { op: 'put', ns: NS, key, value: form.write({ offer }), if: 'new', expiresAt: until * 1000 }
}

export async function findReferred(store: Store, key: string): Promise<CredentialOffer | undefined> {
  const entry = await store.get(NS, key)
  return entry && form.read(entry.value).offer
}

export function endReferred(key: string): Op {
  return { op: 'del', ns: NS, key }
}
