/** What an access token stands for, by the digest of the token, until a credential is issued on it. */
import type { JsonObject } from '@facet-id/credential/json'
import { type Op, recordForm, type Store } from '@facet-id/store'

const NS = 'issuer/session'

export interface SessionRecord {
  readonly issuanceId: string
  readonly configurationId: string
  readonly claims: JsonObject
  /** Seconds since the epoch. */
  readonly expiresAt: number
}

const form = recordForm<SessionRecord>(1)

export function openSession(key: string, record: SessionRecord): Op {
  return {
    op: 'put',
    ns: NS,
    key,
    value: form.write(record),
    if: 'absent',
    expiresAt: record.expiresAt * 1000,
  }
}

export async function findSession(store: Store, key: string): Promise<SessionRecord | undefined> {
  const entry = await store.get(NS, key)
  return entry && form.read(entry.value)
}

export function takeSession(key: string): Op {
  return { op: 'take', ns: NS, key }
}
