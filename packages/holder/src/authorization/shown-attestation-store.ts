/**
 * Which issuer the key of an attestation was shown to, by its thumbprint, for as long as the attestation is good: no
 * other issuer may see it (HAIP 1.0 §4.4.1).
 */
import { type Op, recordForm, type Store } from '@facet-id/store'

const NS = 'holder/attestation-shown'

export interface ShownAttestation {
  readonly issuer: string
}

const form = recordForm<ShownAttestation>(1)

/** @param until seconds since the epoch */
export function keepShown(key: string, shown: ShownAttestation, until: number): Op {
  return { op: 'put', ns: NS, key, value: form.write(shown), expiresAt: Math.ceil(until) * 1000 }
}

export async function findShown(store: Store, key: string): Promise<ShownAttestation | undefined> {
  const entry = await store.get(NS, key)
  return entry && form.read(entry.value)
}
