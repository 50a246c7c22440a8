/**
 * What is remembered of an issuance: enough to revoke it, and nothing about the person.
 * OpenID4VCI §15.3: issued credentials and the claims in them are not kept.
 */
import type { Hash } from '@facet-id/credential/jose'
import { type Op, recordForm, type Store } from '@facet-id/store'
import type { StatusEntry } from '../status/status.ts'
import { CLOCK_SKEW_SECONDS, nonceKey } from './nonce.ts'

const NS = 'issuer/issuance'
const NONCE_NS = 'issuer/nonce-used'
/** Issuances by their grants, where they are not called by the same name. */
const UNDER_NS = 'issuer/issued-under'

export interface IssuanceRecord {
  readonly issuanceId: string
  readonly configurationId: string
  /** What it was issued under, as `grants()` and `revokeGrant` have it; absent on records of former releases. */
  readonly grantId?: string
  /** One entry for each copy. */
  readonly entries: readonly StatusEntry[]
  /** Seconds since the epoch, all three. */
  readonly issuedAt: number
  readonly expiresAt: number
  readonly revokedAt?: number
}

const form = recordForm<IssuanceRecord>(1)

export function recordIssued(record: IssuanceRecord): readonly Op[] {
  const { issuanceId, grantId } = record
  const put: Op = { op: 'put', ns: NS, key: issuanceId, value: form.write(record), if: 'absent' }
  if (grantId === undefined || grantId === issuanceId) return [put]
  return [put, { op: 'put', ns: UNDER_NS, key: `${grantId}.${issuanceId}`, value: new Uint8Array() }]
}

/** All that was issued under that grant, now or before. */
export async function issuedUnder(store: Store, grantId: string): Promise<readonly IssuanceRecord[]> {
  const ids = [grantId]
  const within = { gte: `${grantId}.`, lt: `${grantId}/` }
  for await (const { key } of store.range(UNDER_NS, within)) ids.push(key.slice(grantId.length + 1))
  const found = await Promise.all(ids.map((id) => findIssuance(store, id)))
  return found.filter((record) => record !== undefined)
}

/** A nonce serves one accepted request, also when many are sent at once. */
export function useNonce(
  nonce: string,
  { hash, now, nonceLifetime }: { readonly hash: Hash; readonly now: number; readonly nonceLifetime: number },
): Op {
  // It must be remembered for as long as any clock of ours may still believe it.
  const expiresAt = (now + nonceLifetime + 2 * CLOCK_SKEW_SECONDS) * 1000
  const key = nonceKey(nonce, hash)
  return { op: 'put', ns: NONCE_NS, key, value: new Uint8Array(), if: 'absent', expiresAt }
}

/** Whether a request was accepted with it. `useNonce` decides; this spares the work of trying. */
export async function isNonceUsed(store: Store, key: string): Promise<boolean> {
  return (await store.get(NONCE_NS, key)) !== undefined
}

export async function findIssuance(store: Store, issuanceId: string): Promise<IssuanceRecord | undefined> {
  const entry = await store.get(NS, issuanceId)
  return entry && form.read(entry.value)
}

/** All issuances, in the order of their ids, which says nothing about the order in time. */
export async function* listIssuances(store: Store): AsyncIterable<IssuanceRecord> {
  for await (const entry of store.range(NS)) yield form.read(entry.value)
}

export function recordRevoked(record: IssuanceRecord, revokedAt: number): Op {
  return { op: 'put', ns: NS, key: record.issuanceId, value: form.write({ ...record, revokedAt }) }
}
