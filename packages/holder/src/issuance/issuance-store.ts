/**
 * Issuances that are under way, so that an interrupted one can go on. Credentials that were received
 * and not judged yet have a record each: together they may be larger than one record can be.
 */
import { type Op, recordForm, type Store } from '@facet-id/store'
import type { Issuance } from './issuance-state.ts'

const NS = 'holder/issuance'
const RECEIVED_NS = 'holder/received'

/** An issuance, and the name that it is kept by. */
export interface KeptIssuance {
  readonly id: string
  readonly issuance: Issuance
}

const form = recordForm<Issuance>(1)
const receivedForm = recordForm<{ readonly credential: string }>(1)

export function keepIssuance({ id, issuance }: KeptIssuance): readonly Op[] {
  const value = form.write(issuance.has === 'credentials' ? { ...issuance, credentials: [] } : issuance)
  return [
    { op: 'put', ns: NS, key: id, value },
    ...receivedIn(issuance).map(
      (credential, place): Op => ({
        op: 'put',
        ns: RECEIVED_NS,
        key: receivedKey(id, place),
        value: receivedForm.write({ credential }),
      }),
    ),
  ]
}

export function endIssuance({ id, issuance }: KeptIssuance): readonly Op[] {
  return [
    { op: 'del', ns: NS, key: id },
    ...receivedIn(issuance).map(
      (_, place): Op => ({ op: 'del', ns: RECEIVED_NS, key: receivedKey(id, place) }),
    ),
  ]
}

export async function findIssuance(store: Store, id: string): Promise<Issuance | undefined> {
  const entry = await store.get(NS, id)
  if (entry === undefined) return undefined
  const issuance = form.read(entry.value)
  if (issuance.has !== 'credentials') return issuance
  const credentials: string[] = []
  for await (const { value } of store.range(RECEIVED_NS, { gte: `${id}.`, lt: `${id}/` })) {
    credentials.push(receivedForm.read(value).credential)
  }
  return { ...issuance, credentials }
}

/** Without what they received. */
export async function* listIssuances(store: Store): AsyncIterable<KeptIssuance> {
  for await (const entry of store.range(NS)) yield { id: entry.key, issuance: form.read(entry.value) }
}

function receivedIn(issuance: Issuance): readonly string[] {
  return issuance.has === 'credentials' ? issuance.credentials : []
}

function receivedKey(id: string, place: number): string {
  return `${id}.${String(place).padStart(4, '0')}`
}
