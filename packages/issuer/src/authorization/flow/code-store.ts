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
  /** Whose it was; absent on records of former releases. */
  readonly holder?: CodeHolder
}

/** Who alone may bring a code. */
export interface CodeHolder
  extends Pick<GrantRecord, 'clientId' | 'instanceKey'>,
    Pick<CodeRecord, 'codeChallenge'> {}

export interface StandingCode {
  readonly key: string
  readonly version: Version
  readonly record: CodeRecord | SpentCode
}

const form = recordForm<CodeRecord | SpentCode>(1)

export function keepCode(key: string, record: CodeRecord): Op {
  const expiresAt = record.expiresAt * 1000
  return { op: 'put', ns: NS, key, value: form.write(record), if: 'new', expiresAt }
}

export async function findCode(store: Store, key: string): Promise<StandingCode | undefined> {
  const entry = await store.get(NS, key)
  return entry && { key, version: entry.version, record: form.read(entry.value) }
}

/** Of what it holds, enough stays to know its holder again. */
export function spendCode({ key, version }: StandingCode, { grant, codeChallenge }: CodeRecord): Op {
  const { grantId, clientId, instanceKey, expiresAt } = grant
  const holder: CodeHolder = {
    ...(clientId === undefined ? {} : { clientId }),
    ...(instanceKey === undefined ? {} : { instanceKey }),
    ...(codeChallenge === undefined ? {} : { codeChallenge }),
  }
  const value = form.write({ spent: true, grantId, holder })
  return { op: 'put', ns: NS, key, value, if: { version }, expiresAt: expiresAt * 1000 }
}
