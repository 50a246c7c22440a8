/**
 * Authorization codes by their digests. A redeemed one is remembered for as long as what it bought lives: whoever
 * brings it again has stolen it, or was stolen from.
 */
import { type Op, recordForm, type Store, type Version } from '@facet-id/store'
import type { GrantRecord } from './grant-store.ts'

const NS = 'issuer/code'

export interface CodeRecord {
  readonly grant: GrantRecord
  /** Absent where the authorization request had none. */
  readonly redirectUri?: string
  readonly codeChallenge?: string
  /** Thumbprint of the key that the tokens were to be bound to. */
  readonly dpopJkt?: string
  /** Seconds since the epoch. */
  readonly expiresAt: number
}

export interface SpentCode {
  readonly spent: true
  readonly grantId: string
}

export interface StandingCode {
  readonly key: string
  readonly version: Version
  readonly record: CodeRecord | SpentCode
}

const form = recordForm<CodeRecord | SpentCode>(1)

export function keepCode(key: string, record: CodeRecord): Op {
  const expiresAt = record.expiresAt * 1000
  return { op: 'put', ns: NS, key, value: form.write(record), if: 'absent', expiresAt }
}

export async function findCode(store: Store, key: string): Promise<StandingCode | undefined> {
  const entry = await store.get(NS, key)
  return entry && { key, version: entry.version, record: form.read(entry.value) }
}

/** @param until seconds since the epoch */
export function spendCode({ key, version }: StandingCode, grantId: string, until: number): Op {
  const value = form.write({ spent: true, grantId })
  return { op: 'put', ns: NS, key, value, if: { version }, expiresAt: until * 1000 }
}
