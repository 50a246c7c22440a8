/**
 * Keys at their holder that no DID has: not yet, or no more. Each is written down before it could be lost, so
 * that an interruption at any step leaves no private key behind for good: what could not be destroyed at once is
 * destroyed later, at the latest when the agent is started again.
 */
import { type Op, type RecordForm, recordForm, type Store } from '@facet-id/store'
import { KEYS } from './commits.ts'
import type { HeldKeys, Keys } from './held-keys.ts'
import type { HeldKey } from './records.ts'

/** Made for a DID that is not kept yet. */
const MADE = 'agent/key-made'
/** To be destroyed. */
const ENDED = 'agent/key-ended'
/** A DID is made sooner than that, or not at all: seconds. */
const GRACE = 600

interface LooseKey {
  readonly by: string
  readonly ref: string
  /** Seconds since the epoch. */
  readonly since: number
}

const form: RecordForm<LooseKey> = recordForm(1)

export interface LooseKeys {
  /** Writes down a key that was just made. Keys that rest here need none of it. */
  note(at: string, held: HeldKey): Promise<void>
  /** What must hold when a DID takes keys that were made for it, and lets them be found with it alone. */
  taking(keys: HeldKeys): readonly Op[]
  /** What goes into the commit that ends keys. */
  ending(keys: HeldKeys): readonly Op[]
  /** Ends keys of which nothing came. Never rejects. */
  discard(ats: readonly string[]): Promise<void>
  /**
   * Destroys what is to be destroyed, and yields how many keys are left: their holder is another, or cannot be
   * reached. Never rejects: what is left stands written, and is destroyed another time.
   */
  sweep(): Promise<number>
}

export function createLooseKeys(
  { store, now }: { readonly store: Store; readonly now: () => number },
  keys: Keys,
): LooseKeys {
  function writing(ns: string, at: string, held: HeldKey): readonly Op[] {
    if (held.held === 'here') return []
    return [{ op: 'put', ns, key: at, value: form.write({ by: held.by, ref: held.ref, since: now() }) }]
  }

  /** Who claims it first has it: a DID that would take it then is refused. */
  async function end(at: string): Promise<void> {
    const entry = await store.get(MADE, at)
    if (entry === undefined) return
    await store.commit([
      { op: 'check', ns: MADE, key: at, version: entry.version },
      { op: 'del', ns: MADE, key: at },
      { op: 'put', ns: ENDED, key: at, value: entry.value },
    ])
  }

  async function destroy(at: string, { by, ref }: LooseKey): Promise<boolean> {
    // Whoever brings the one key along is given the same again for another DID: that is no loose key.
    const isKept = (await store.get(KEYS, at)) !== undefined
    if (!isKept && !(await keys.destroy({ held: 'elsewhere', by, ref }))) return false
    await store.commit([{ op: 'del', ns: ENDED, key: at }])
    return true
  }

  async function sweep(): Promise<number> {
    const late = now() - GRACE
    for await (const { key, value } of store.range(MADE)) if (form.read(value).since < late) await end(key)
    let left = 0
    for await (const { key, value } of store.range(ENDED)) {
      if (!(await destroy(key, form.read(value)).catch(() => false))) left++
    }
    return left
  }

  const quietly = (): Promise<number> => sweep().catch(() => 1)

  return {
    async note(at, held) {
      try {
        const ops = writing(MADE, at, held)
        if (ops.length > 0) await store.commit(ops)
      } catch (error) {
        if (held.held === 'elsewhere') await keys.destroy(held).catch(() => false)
        throw error
      }
    },
    taking: (held) =>
      [...held].flatMap(([at, key]): Op[] =>
        key.held === 'elsewhere' ? [{ op: 'take', ns: MADE, key: at }] : [],
      ),
    ending: (held) => [...held].flatMap(([at, key]) => writing(ENDED, at, key)),
    async discard(ats) {
      for (const at of ats) await end(at).catch(() => {})
      if (ats.length > 0) await quietly()
    },
    sweep: quietly,
  }
}
