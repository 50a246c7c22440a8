/** Persons who are being asked: by the digest of what their browser alone has. */
import type { JsonObject } from '@facet-id/credential/json'
import { type Op, recordForm, type Store, type Version } from '@facet-id/store'
import type { Wanted } from '../wanted.ts'
import type { InvitationRecord } from './invitation-store.ts'
import type { CheckedRequest } from './pushed-store.ts'

const NS = 'issuer/flow'
const ENDED_NS = 'issuer/flow-ended'

export interface FlowRecord extends CheckedRequest {
  readonly wanted: readonly Wanted[]
  /** The offer that the request says it comes from. */
  readonly invitation?: InvitationRecord
  /** Digest of the cookie that binds it to one browser. */
  readonly browserKey: string
  /** What the user authentication wants to find again. */
  readonly state: JsonObject
  /** Seconds since the epoch. */
  readonly expiresAt: number
}

export interface StandingFlow {
  readonly key: string
  readonly version: Version
  readonly record: FlowRecord
}

const form = recordForm<FlowRecord>(1)
const endedForm = recordForm<Pick<FlowRecord, 'browserKey'>>(1)

export function keepFlow(key: string, record: FlowRecord): Op {
  const expiresAt = record.expiresAt * 1000
  return { op: 'put', ns: NS, key, value: form.write(record), if: 'new', expiresAt }
}

export async function findFlow(store: Store, key: string): Promise<StandingFlow | undefined> {
  const entry = await store.get(NS, key)
  return entry && { key, version: entry.version, record: form.read(entry.value) }
}

/** One step further; whoever comes second with the same step is refused. */
export function advanceFlow({ key, version, record }: StandingFlow, state: JsonObject): Op {
  const expiresAt = record.expiresAt * 1000
  return { op: 'put', ns: NS, key, value: form.write({ ...record, state }), if: { version }, expiresAt }
}

/** It ends once. */
export function takeFlow({ key }: StandingFlow): Op {
  return { op: 'take', ns: NS, key }
}

/** Goes along with the end of a flow in which something was given: its browser can be told so. */
export function rememberEnded({ key, record }: StandingFlow): Op {
  const { browserKey, expiresAt } = record
  return { op: 'put', ns: ENDED_NS, key, value: endedForm.write({ browserKey }), expiresAt: expiresAt * 1000 }
}

/** Digest of the cookie of the browser that it ended in; `undefined` where nothing was given, or long ago. */
export async function endedIn(store: Store, key: string): Promise<string | undefined> {
  const entry = await store.get(ENDED_NS, key)
  return entry && endedForm.read(entry.value).browserKey
}
