/** Issuances that are on their way to a grant, where one was interrupted and can go on. */
import { type Op, recordForm, type Store } from '@facet-id/store'
import type { Issuance } from './issuance-state.ts'

const NS = 'holder/issuance'

const form = recordForm<Issuance>(2)

export function keepIssuance(issuance: Issuance): Op {
  return { op: 'put', ns: NS, key: issuance.id, value: form.write(issuance) }
}

export function endIssuance(id: string): Op {
  return { op: 'del', ns: NS, key: id }
}

export async function findIssuance(store: Store, id: string): Promise<Issuance | undefined> {
  const entry = await store.get(NS, id)
  return entry && form.read(entry.value)
}

export async function* listIssuances(store: Store): AsyncIterable<Issuance> {
  for await (const entry of store.range(NS)) yield form.read(entry.value)
}
