/** Requests that were pushed, by the digests of their names, until the browser brings the name or its time is over. */
import type { AuthorizationRequest } from '@facet-id/protocol/oauth/authorization'
import { type Op, recordForm, type Store } from '@facet-id/store'
import type { Client } from '../client.ts'

const NS = 'issuer/pushed'

/** A request whose client and address were checked. */
export interface CheckedRequest {
  readonly request: AuthorizationRequest
  readonly client: Pick<Client, 'clientId' | 'provenBy' | 'instanceKey'>
  readonly redirectUri: string
}

export interface PushedRecord extends CheckedRequest {
  /** Seconds since the epoch. */
  readonly expiresAt: number
}

const form = recordForm<PushedRecord>(1)

export function keepPushed(key: string, record: PushedRecord): Op {
  const expiresAt = record.expiresAt * 1000
  return { op: 'put', ns: NS, key, value: form.write(record), if: 'new', expiresAt }
}

export async function findPushed(store: Store, key: string): Promise<PushedRecord | undefined> {
  const entry = await store.get(NS, key)
  return entry && form.read(entry.value)
}

/** A name is good once. */
export function takePushed(key: string): Op {
  return { op: 'take', ns: NS, key }
}
