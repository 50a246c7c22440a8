/**
 * The reference: what a store does, on maps. For tests and for state that may go with the process.
 *
 * A commit never waits between its first look and its last change, so it cannot be interleaved.
 */
import { StoreError } from './error.ts'
import { compareKeys, readKey, readNamespace } from './keys.ts'
import { readCount, readOps, readRange } from './ops.ts'
import type { Committed, Entry, KeyRange, Namespace, Op, Out, Refused, Store, Version } from './store.ts'

export interface MemoryStorePorts {
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

const CAPABILITIES = { shared: false, durability: 'memory', maxOps: 1000, maxValueBytes: 2 ** 21 } as const

interface Held {
  readonly value: Uint8Array
  readonly version: Version
  readonly expiresAt?: number
}

/** Creates an empty store that lives as long as the process. */
export function memoryStore({ now }: MemoryStorePorts): Store {
  const records = new Map<Namespace, Map<string, Held>>()
  const counters = new Map<string, number>()
  /** `undefined` in the place of an entry that was trimmed. */
  const logs = new Map<string, (Uint8Array | undefined)[]>()
  let versions = 0
  let closed = false

  function ensureOpen(): void {
    if (closed) throw new StoreError('store_closed', 'The store is closed: open it again')
  }

  function unexpired(held: Held | undefined): Held | undefined {
    return held === undefined || isExpired(held, now()) ? undefined : held
  }

  function keep({ ns, key, held }: Change): void {
    const family = records.get(ns) ?? new Map<string, Held>()
    records.set(ns, family)
    if (held === undefined) family.delete(key)
    else family.set(key, held)
  }

  /** What the operation yields, with its change written into `staged`; `undefined`: its condition does not hold. */
  function perform(op: Op, staged: Staged): Out | undefined {
    if (op.op === 'alloc') {
      const first = staged.counters.get(op.name) ?? counters.get(op.name) ?? 0
      staged.counters.set(op.name, first + op.count)
      return { op: 'alloc', first }
    }
    if (op.op === 'append') {
      const added = staged.logs.get(op.name) ?? []
      const first = (logs.get(op.name)?.length ?? 0) + added.length
      staged.logs.set(op.name, [...added, ...op.entries])
      return { op: 'append', first }
    }
    if (op.op === 'trim') {
      const length = (logs.get(op.name)?.length ?? 0) + (staged.logs.get(op.name)?.length ?? 0)
      staged.trims.push({ name: op.name, from: op.from, end: Math.min(op.from + op.count, length) })
      return { op: 'trim' }
    }
    const { ns, key } = op
    const at = `${ns}\0${key}`
    const staging = staged.records.get(at)
    const held = unexpired(staging === undefined ? records.get(ns)?.get(key) : staging.held)
    switch (op.op) {
      case 'check':
        return held?.version === op.version ? { op: 'check' } : undefined
      case 'del':
        staged.records.set(at, { ns, key, held: undefined })
        return { op: 'del' }
      case 'take':
        if (held === undefined) return undefined
        staged.records.set(at, { ns, key, held: undefined })
        return { op: 'take', value: new Uint8Array(held.value) }
      case 'put': {
        if (typeof op.if === 'string' && held !== undefined) return undefined
        if (typeof op.if === 'object' && held?.version !== op.if.version) return undefined
        const version = String(++versions)
        const { value, expiresAt } = op
        const written = { value, version, ...(expiresAt === undefined ? {} : { expiresAt }) }
        staged.records.set(at, { ns, key, held: written })
        return { op: 'put', version }
      }
    }
  }

  /** Only what was there when the operation was done: an append after it in the same commit is not met. */
  function trimmed({ name, from, end }: Trim): void {
    const log = logs.get(name) ?? []
    for (let seq = from; seq < Math.min(end, log.length); seq++) log[seq] = undefined
  }

  function commit(ops: readonly Op[]): Committed | Refused {
    const staged: Staged = { records: new Map(), counters: new Map(), logs: new Map(), trims: [] }
    const out: Out[] = []
    for (const [index, op] of ops.entries()) {
      const yielded = perform(op, staged)
      if (yielded === undefined) return { ok: false, failed: index }
      out.push(yielded)
    }
    for (const change of staged.records.values()) keep(change)
    for (const [name, next] of staged.counters) counters.set(name, next)
    for (const [name, added] of staged.logs) {
      const log = logs.get(name) ?? []
      log.push(...added)
      logs.set(name, log)
    }
    for (const trim of staged.trims) trimmed(trim)
    return { ok: true, out }
  }

  return {
    capabilities: CAPABILITIES,
    async get(ns, key) {
      ensureOpen()
      readKey(key)
      const held = unexpired(records.get(readNamespace(ns))?.get(key))
      return held === undefined ? undefined : entryOf(key, held)
    },
    async commit(ops) {
      ensureOpen()
      return commit(readOps(ops, CAPABILITIES))
    },
    async *range(ns, within) {
      ensureOpen()
      const { limit = Number.POSITIVE_INFINITY, ...bounds } = readRange(within)
      const family = records.get(readNamespace(ns)) ?? new Map<string, Held>()
      let left = limit
      for (const key of [...family.keys()].filter(isWithin(bounds)).sort(compareKeys)) {
        if (left === 0) return
        ensureOpen()
        const held = unexpired(family.get(key))
        if (held === undefined) continue
        left--
        yield entryOf(key, held)
      }
    },
    async *read(log, from, limit = Number.MAX_SAFE_INTEGER) {
      ensureOpen()
      const name = readKey(log)
      const end = readCount(from, 'A sequence number') + readCount(limit, 'A limit')
      for (let seq = from; seq < Math.min(end, logs.get(name)?.length ?? 0); seq++) {
        ensureOpen()
        const value = logs.get(name)?.[seq]
        if (value === undefined) continue
        yield { seq, value: new Uint8Array(value) }
      }
    },
    async sweep(max) {
      ensureOpen()
      let left = readCount(max, 'A limit')
      const moment = now()
      for (const family of records.values()) {
        for (const [key, held] of family) {
          if (left === 0) return max
          if (!isExpired(held, moment)) continue
          family.delete(key)
          left--
        }
      }
      return max - left
    },
    async close() {
      closed = true
    },
  }
}

interface Change {
  readonly ns: Namespace
  readonly key: string
  readonly held: Held | undefined
}

interface Staged {
  readonly records: Map<string, Change>
  readonly counters: Map<string, number>
  readonly logs: Map<string, Uint8Array[]>
  readonly trims: Trim[]
}

interface Trim {
  readonly name: string
  readonly from: number
  /** The first sequence number that stays. */
  readonly end: number
}

function isExpired(held: Held, moment: number): boolean {
  return held.expiresAt !== undefined && held.expiresAt <= moment
}

function entryOf(key: string, held: Held): Entry {
  return { key, ...held, value: new Uint8Array(held.value) }
}

function isWithin({ gte, lt }: KeyRange): (key: string) => boolean {
  return (key) =>
    (gte === undefined || compareKeys(key, gte) >= 0) && (lt === undefined || compareKeys(key, lt) < 0)
}
