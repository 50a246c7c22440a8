/** Issuances that are under way, so that an interrupted one can go on. */
import { type Op, recordForm, type Store } from '@facet-id/store'
import type { Issuance } from './issuance.ts'

const NS = 'holder/issuance'

const form = recordForm<Issuance>(1)

export function keepIssuance(id: string, issuance: Issuance): Op {
  return { op: 'put', ns: NS, key: id, value: form.write(issuance) }
}

export function endIssuance(id: string): Op {
  return { op: 'del', ns: NS, key: id }
}

export async function findIssuance(store: Store, id: string): Promise<Issuance | undefined> {
  const entry = await store.get(NS, id)
  return entry && form.read(entry.value)
}

export async function* listIssuances(
  store: Store,
): AsyncIterable<{ readonly id: string; readonly issuance: Issuance }> {
  for await (const entry of store.range(NS)) yield { id: entry.key, issuance: form.read(entry.value) }
}
