/**
 * Proofs that were used: each serves one request that is accepted with it, also when many come at once, at any
 * node. Only digests are kept, for as long as the proof could still be believed. RFC 9449 §11.1.
 */
import type { Op, Store } from '@facet-id/store'

const NS = 'issuer/proof-used'

/** Refused where the proof was used before. @param until seconds since the epoch */
export function useProof(key: string, until: number): Op {
  return { op: 'put', ns: NS, key, value: new Uint8Array(), if: 'absent', expiresAt: until * 1000 }
}

/** Whether a request was accepted with it. `useProof` decides; this spares the work of trying. */
export async function isProofUsed(store: Store, key: string): Promise<boolean> {
  return (await store.get(NS, key)) !== undefined
}
