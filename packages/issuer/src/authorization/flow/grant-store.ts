/** What persons agreed to, for as long as it can be used without asking them again. */
import { type Op, recordForm, type Store, type Version } from '@facet-id/store'
import type { AllowedCredential } from '../access.ts'

const NS = 'issuer/grant'

export interface GrantRecord {
  readonly grantId: string
  /** Absent: the wallet never said who it is. */
  readonly clientId?: string
  /** Thumbprint of the wallet's own key, which its attestation binds. */
  readonly instanceKey?: string
  /** Thumbprint of the key that its tokens are bound to. */
  readonly jkt?: string
  readonly subject?: string
  /** With claims only where nobody could be asked for them once more: see `keptGrant`. */
  readonly allowed: readonly AllowedCredential[]
  /** Of its refresh token: an older one was replaced. */
  readonly generation: number
  /** Seconds since the epoch, both. */
  readonly openedAt: number
  readonly expiresAt: number
}

export interface StandingGrant {
  readonly version: Version
  readonly record: GrantRecord
}

const form = recordForm<GrantRecord>(1)

/**
 * The grant as it is kept. Claims that came with it stay, sealed, for as long as it can be used to issue again and
 * nobody knows them otherwise: they go where nothing is issued again, or where whoever knows the subject is asked.
 *
 * @param kept.used what it can be used for again: `never` without refresh tokens
 */
export function keptGrant(
  grant: GrantRecord,
  { used, asksClaims }: { readonly used: 'issuing' | 'collecting' | 'never'; readonly asksClaims: boolean },
): GrantRecord {
  if (used === 'issuing' && !(asksClaims && grant.subject !== undefined)) return grant
  // Spent on every token that follows: what was promised is found by its transaction, and nothing is asked for anew.
  const spent = used === 'collecting' ? { issued: true as const } : {}
  return { ...grant, allowed: grant.allowed.map(({ claims: _, ...kept }) => ({ ...kept, ...spent })) }
}

export function keepGrant(record: GrantRecord): Op {
  const expiresAt = record.expiresAt * 1000
  return { op: 'put', ns: NS, key: record.grantId, value: form.write(record), if: 'new', expiresAt }
}

export async function findGrant(store: Store, grantId: string): Promise<StandingGrant | undefined> {
  const entry = await store.get(NS, grantId)
  return entry && { version: entry.version, record: form.read(entry.value) }
}

/** It is still what was read. */
export function checkGrant({ version, record }: StandingGrant): Op {
  return { op: 'check', ns: NS, key: record.grantId, version }
}

/** The refresh token that was used is replaced; whoever used it too is refused. */
export function renewGrant({ version, record }: StandingGrant): Op {
  const value = form.write({ ...record, generation: record.generation + 1 })
  const expiresAt = record.expiresAt * 1000
  return { op: 'put', ns: NS, key: record.grantId, value, if: { version }, expiresAt }
}

export function endGrant(grantId: string): Op {
  return { op: 'del', ns: NS, key: grantId }
}

/** What the operator sees of it. */
export interface Grant extends Pick<GrantRecord, 'grantId' | 'clientId' | 'openedAt' | 'expiresAt'> {
  readonly configurationIds: readonly string[]
}

/** All that stand, in the order of their ids, which says nothing about the order in time. */
export async function* grantsOf(store: Store): AsyncIterable<Grant> {
  for await (const entry of store.range(NS)) {
    const { grantId, clientId, openedAt, expiresAt, allowed } = form.read(entry.value)
    const configurationIds = allowed.map(({ configurationId }) => configurationId)
    yield { grantId, ...(clientId === undefined ? {} : { clientId }), openedAt, expiresAt, configurationIds }
  }
}
