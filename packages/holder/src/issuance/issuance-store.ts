/** Issuances that are on their way to a grant, where one was interrupted and can go on. */
import { type Op, recordForm, type Store } from '@facet-id/store'
import type { Issuance } from './issuance-state.ts'

const NS = 'holder/issuance'

/** An issuance, and the name that it is kept by. */
export interface KeptIssuance {
  readonly id: string
  readonly issuance: Issuance
}

const form = recordForm<Issuance>(2)

export function keepIssuance({ id, issuance }: KeptIssuance): Op {
  return { op: 'put', ns: NS, key: id, value: form.write(issuance) }
}

export function endIssuance(id: string): Op {
  return { op: 'del', ns: NS, key: id }
}

export async function findIssuance(store: Store, id: string): Promise<Issuance | undefined> {
  const entry = await store.get(NS, id)
  return entry && form.read(entry.value)
}

export async function* listIssuances(store: Store): AsyncIterable<KeptIssuance> {
  for await (const entry of store.range(NS)) yield { id: entry.key, issuance: form.read(entry.value) }
}
