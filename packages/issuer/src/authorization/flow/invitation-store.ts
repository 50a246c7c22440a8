/** Offers with an authorization code: by the digests of the `issuer_state` in them. */
import type { JsonObject } from '@facet-id/credential/json'
import { type Op, recordForm, type Store } from '@facet-id/store'

const NS = 'issuer/invitation'

export interface InvitationRecord {
  readonly configurationIds: readonly string[]
  /** Whoever logs in must be this person; absent: anybody may. */
  readonly subject?: string
  /** By configuration, for that person alone. */
  readonly claims?: Readonly<Record<string, JsonObject>>
  /** Seconds since the epoch. */
  readonly expiresAt: number
}

const form = recordForm<InvitationRecord>(1)

export function keepInvitation(key: string, record: InvitationRecord): Op {
  const expiresAt = record.expiresAt * 1000
  return { op: 'put', ns: NS, key, value: form.write(record), if: 'new', expiresAt }
}

export async function findInvitation(store: Store, key: string): Promise<InvitationRecord | undefined> {
  const entry = await store.get(NS, key)
  return entry && form.read(entry.value)
}
