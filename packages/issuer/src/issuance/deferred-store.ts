/**
 * What was promised for later: by the digest of its transaction, until it is collected, denied or over. It holds
 * the keys that were proven when it was asked for, and nothing that comes later changes them.
 */
import type { Hash, Mac, PublicJwk } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import { type Op, recordForm, type Store, type Version } from '@facet-id/store'

const NS = 'issuer/deferred'

export interface DeferredRecord {
  readonly issuanceId: string
  readonly configurationId: string
  readonly credentialIdentifier?: string
  /** Only tokens of that grant collect it. */
  readonly grantId: string
  /** Only with the key of the token with which it was asked for; absent: that was a bearer token. */
  readonly jkt?: string
  readonly subject?: string
  /** The authorization server that calls them so; absent: this issuer. */
  readonly server?: string
  /** To which it will be bound. */
  readonly keys: readonly PublicJwk[]
  /** As they were offered; absent: they are asked for when it is collected. */
  readonly claims?: JsonObject
  readonly state: DeferredState
  /** Once it is collected, for as long as its answer may have been lost. */
  readonly credentials?: readonly string[]
  /** Seconds since the epoch. */
  readonly expiresAt: number
}

export type DeferredState =
  /** The operator, or whoever knows the claims, has not said yes yet. */
  | 'waiting'
  /** The operator said yes. */
  | 'approved'
  | 'denied'
  | 'collected'

export interface StandingDeferred {
  readonly key: string
  readonly version: Version
  readonly record: DeferredRecord
}

const form = recordForm<DeferredRecord>(1)

/** Nobody can guess it, and whoever knows the issuance finds it again. */
export function transactionId(issuanceId: string, mac: Mac): string {
  return mac(`deferred.${issuanceId}`)
}

/** Kept as a digest: who reads the store cannot collect what is in it. */
export function deferredKey(transaction: string, hash: Hash): string {
  return hash('sha-256', `deferred.${transaction}`)
}

export function keepDeferred(key: string, record: DeferredRecord): Op {
  const expiresAt = record.expiresAt * 1000
  return { op: 'put', ns: NS, key, value: form.write(record), if: 'absent', expiresAt }
}

export async function findDeferred(store: Store, key: string): Promise<StandingDeferred | undefined> {
  const entry = await store.get(NS, key)
  return entry && { key, version: entry.version, record: form.read(entry.value) }
}

/** Only in the place of what was read: of two that collect, or decide, one is second. */
export function changeDeferred({ key, version }: StandingDeferred, record: DeferredRecord): Op {
  const expiresAt = record.expiresAt * 1000
  return { op: 'put', ns: NS, key, value: form.write(record), if: { version }, expiresAt }
}

/** It is gone, with all claims in it; absence is no refusal. */
export function endDeferred(key: string): Op {
  return { op: 'del', ns: NS, key }
}

export async function* listDeferred(store: Store): AsyncIterable<DeferredRecord> {
  for await (const entry of store.range(NS)) yield form.read(entry.value)
}
