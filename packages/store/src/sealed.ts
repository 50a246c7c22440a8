/**
 * Encrypts what rests. Values and log entries are sealed with associated data that says where they
 * belong, so a value that is changed, cut short or moved to another key does not open.
 *
 * In the clear remain: namespaces, keys, names of counters and logs, versions, moments of expiry,
 * lengths. So keys must carry no personal data. What the seal cannot see: an old value put back under
 * its own key, a record deleted, a moment of expiry or a counter set to another value, entries of one
 * log exchanged (their sequence numbers are given only at the commit).
 */
import { StoreError } from './error.ts'
import { readKey, readNamespace } from './keys.ts'
import { readOps } from './ops.ts'
import type { Committed, Entry, Namespace, Op, Out, Refused, Store } from './store.ts'

type MaybePromise<T> = T | Promise<T>

/** Authenticated encryption under a key the closure holds; the output carries its own nonce. */
export type Seal = (plain: Uint8Array, associated: string) => MaybePromise<Uint8Array>

/** Opens what `Seal` made; throws or rejects when the text or the associated data was changed. */
export type Open = (sealed: Uint8Array, associated: string) => MaybePromise<Uint8Array>

export interface Sealer {
  readonly seal: Seal
  readonly open: Open
}

/** Where the header of a sealed store rests; not to be used for anything else. */
export const SEAL_NAMESPACE: Namespace = 'sealed'

/** What sealing may add to a value: nonce, tag, and room for a key id. */
const OVERHEAD_BYTES = 256

/**
 * Wraps a store so that what it keeps is sealed. It does not look whether the key fits what is
 * already there: `openSealed` does.
 *
 * Beside the codes of the store beneath it, reading and taking throw
 * {StoreError} `seal_broken`, and a refused take has changed nothing.
 */
export function sealedStore(store: Store, { seal, open }: Sealer): Store {
  const maxValueBytes = store.capabilities.maxValueBytes - OVERHEAD_BYTES
  const capabilities = { ...store.capabilities, maxValueBytes }

  async function sealOp(op: Op): Promise<Op> {
    if (op.op === 'put') return { ...op, value: await seal(op.value, placeOf(op.ns, op.key)) }
    if (op.op !== 'append') return op
    const entries: Uint8Array[] = []
    for (const entry of op.entries) entries.push(await seal(entry, logOf(op.name)))
    return { ...op, entries }
  }

  async function unseal(sealed: Uint8Array, associated: string): Promise<Uint8Array> {
    try {
      return await open(sealed, associated)
    } catch (cause) {
      throw new StoreError(
        'seal_broken',
        'A sealed value was changed, cut short or moved, or sealed under another key: restore it from a backup',
        { cause },
      )
    }
  }

  async function openEntry(ns: Namespace, entry: Entry): Promise<Entry> {
    return { ...entry, value: await unseal(entry.value, placeOf(ns, entry.key)) }
  }

  /** Opens before the commit what will be taken: a broken value must not be lost with the others' work done. */
  async function openTaken(op: Op): Promise<Opened | undefined> {
    if (op.op !== 'take') return undefined
    const entry = await store.get(op.ns, op.key)
    if (entry === undefined) return undefined
    return { sealed: entry.value, plain: await unseal(entry.value, placeOf(op.ns, op.key)) }
  }

  /** What was taken is as a rule what was opened before: then it need not be opened again. */
  async function openOut(out: Out, op: Op | undefined, opened: Opened | undefined): Promise<Out> {
    if (out.op !== 'take' || op?.op !== 'take') return out
    const isOpen = opened !== undefined && sameBytes(opened.sealed, out.value)
    return { op: 'take', value: isOpen ? opened.plain : await unseal(out.value, placeOf(op.ns, op.key)) }
  }

  return {
    capabilities,
    async get(ns, key) {
      const entry = await store.get(readOwn(ns), key)
      return entry === undefined ? undefined : openEntry(ns, entry)
    },
    async commit(asked): Promise<Committed | Refused> {
      const ops = readOps(asked, capabilities)
      for (const op of ops) if ('ns' in op) readOwn(op.ns)
      const opened: (Opened | undefined)[] = []
      for (const op of ops) opened.push(await openTaken(op))
      const sealed: Op[] = []
      for (const op of ops) sealed.push(await sealOp(op))
      const result = await store.commit(sealed)
      if (!result.ok) return result
      const out: Out[] = []
      for (const [index, yielded] of result.out.entries()) {
        out.push(await openOut(yielded, ops[index], opened[index]))
      }
      return { ok: true, out }
    },
    async *range(ns, within) {
      for await (const entry of store.range(readOwn(ns), within)) yield await openEntry(ns, entry)
    },
    async *read(log, from, limit) {
      const associated = logOf(readKey(log))
      for await (const { seq, value } of store.read(log, from, limit)) {
        yield { seq, value: await unseal(value, associated) }
      }
    },
    sweep: (max) => store.sweep(max),
    close: () => store.close(),
  }
}

/** A value of this store, and what it says. */
interface Opened {
  readonly sealed: Uint8Array
  readonly plain: Uint8Array
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at])
}

/** Unambiguous: a namespace holds no NUL. */
function placeOf(ns: Namespace, key: string): string {
  return `record\0${ns}\0${key}`
}

function logOf(name: string): string {
  return `log\0${name}`
}

function readOwn(ns: Namespace): Namespace {
  if (ns === SEAL_NAMESPACE) {
    throw new StoreError(
      'key_malformed',
      `The namespace "${SEAL_NAMESPACE}" is kept for the seal: use another`,
    )
  }
  return readNamespace(ns)
}
