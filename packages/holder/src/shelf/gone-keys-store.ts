/**
 * Names of keys that are to be destroyed, from the commit that made them useless until they are gone. Were they
 * destroyed before it, a commit that fails would leave copies that nobody can show any more; were they not named, an
 * interruption after it would leave keys that nobody knows of.
 */
import { type Op, recordForm, type Store } from '@facet-id/store'
import type { HolderKeys } from './keys.ts'

const NS = 'holder/gone-keys'

const form = recordForm<{ readonly keyIds: readonly string[] }>(1)

/** Goes into the commit after which nothing needs them. @param id names it among others */
export function destroyLater(id: string, keyIds: readonly string[]): readonly Op[] {
  return keyIds.length === 0 ? [] : [{ op: 'put', ns: NS, key: id, value: form.write({ keyIds }) }]
}

/** Destroys whatever is to be. Never rejects: what cannot be destroyed now is tried again with the next. */
export async function destroyGone({
  store,
  keys,
}: {
  readonly store: Store
  readonly keys: HolderKeys
}): Promise<void> {
  try {
    const gone: { readonly id: string; readonly keyIds: readonly string[] }[] = []
    for await (const { key, value } of store.range(NS)) gone.push({ id: key, ...form.read(value) })
    for (const { id, keyIds } of gone) {
      await keys.forget(keyIds)
      await store.commit([{ op: 'del', ns: NS, key: id }])
    }
  } catch {
    // The store, or the hardware, fails: the names are still there.
  }
}
