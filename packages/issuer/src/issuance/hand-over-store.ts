/**
 * What was issued and may have been lost on its way: with it the very same is signed once more for the same keys, in
 * the entries that were recorded. It has the claims, so it goes when the wallet notifies, and soon in any case.
 */
import { type Hash, jwkThumbprint, type PublicJwk } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import { type Op, recordForm, type Store, type Version } from '@facet-id/store'
import type { StatusEntry } from '../status/status.ts'

const NS = 'issuer/hand-over'

/** A wallet whose answers are lost more often than this has another trouble. */
export const HAND_OVERS = 3

export interface HandOverRecord {
  readonly issuanceId: string
  /** Digest of the access token on which it was issued; no other has it again. */
  readonly tokenKey: string
  readonly configurationId: string
  readonly claims: JsonObject
  readonly copies: readonly HandedCopy[]
  /** Times that it can still be had again. */
  readonly left: number
  /** Seconds since the epoch, both. */
  readonly issuedAt: number
  readonly expiresAt: number
}

export interface HandedCopy {
  /** Thumbprint of the key that it is bound to. */
  readonly jkt: string
  readonly entry: StatusEntry
}

export interface StandingHandOver {
  readonly version: Version
  readonly record: HandOverRecord
}

const form = recordForm<HandOverRecord>(1)

/** Goes along with the record of the issuance, which is made once. */
export function keepHandOver(record: HandOverRecord): Op {
  return putting(record, 'new')
}

export async function findHandOver(store: Store, issuanceId: string): Promise<StandingHandOver | undefined> {
  const entry = await store.get(NS, issuanceId)
  return entry && { version: entry.version, record: form.read(entry.value) }
}

/** One time fewer; refused where the wallet notified meanwhile, or another request was first. */
export function takeHandOver({ version, record }: StandingHandOver): Op {
  return putting({ ...record, left: record.left - 1 }, { version })
}

/** Absence is no refusal. */
export function endHandOver(issuanceId: string): Op {
  return { op: 'del', ns: NS, key: issuanceId }
}

/** Which key each entry was for; `undefined` unless they are exactly those keys. */
export function sameCopies(
  copies: readonly HandedCopy[],
  keys: readonly PublicJwk[],
  hash: Hash,
): readonly { readonly key: PublicJwk; readonly entry: StatusEntry }[] | undefined {
  const entries = new Map(copies.map(({ jkt, entry }) => [jkt, entry]))
  if (entries.size !== keys.length) return undefined
  const same = keys.flatMap((key) => {
    const entry = entries.get(jwkThumbprint(key, hash))
    return entry === undefined ? [] : [{ key, entry }]
  })
  return same.length === keys.length ? same : undefined
}

function putting(record: HandOverRecord, condition: Extract<Op, { op: 'put' }>['if'] & {}): Op {
  const expiresAt = record.expiresAt * 1000
  return { op: 'put', ns: NS, key: record.issuanceId, value: form.write(record), if: condition, expiresAt }
}
