/**
 * A store in which the log is a chain: whatever is appended to the log is linked to the entry before it in
 * the same commit as everything else, and stands as a record of its own, so that its owner can delete it.
 */
import type { Hash } from '@facet-id/credential/jose'
import {
  type Committed,
  type Op,
  type Out,
  type RecordForm,
  type Refused,
  recordForm,
  type Store,
  type Version,
} from '@facet-id/store'
import { oneByOne } from '../one-by-one-store.ts'
import { LOG, logForm } from '../presentation/log-store.ts'
import { beginning, type LinkedEntry, type LogPlace, placeAfter } from './chain.ts'

export const ENTRY_NS = 'holder/log-entry'
const PLACE_NS = 'holder/log-place'
const HEAD = 'head'
const ANCHOR = 'anchor'

export const linkedForm: RecordForm<LinkedEntry> = recordForm<LinkedEntry>(2)
const placeForm = recordForm<LogPlace>(1)

/** More often than that nobody loses in one process. */
const TRIES = 50

/** @param store of one holder; what others write to its log meanwhile is found and followed */
export function linkedStore(store: Store, hash: Hash): Store {
  const inTurn = oneByOne()
  let known: NotedPlace | undefined

  async function commitLinked(ops: readonly Op[]): Promise<Committed | Refused> {
    for (let tries = 0; tries < TRIES; tries++) {
      const head: NotedPlace = known ?? (await headOf(store, hash))
      known = undefined
      const { linked, place } = linkAll(ops, head, hash)
      const done = await store.commit([...linked.map(({ op }) => op), moveHead(head, place)])
      if (done.ok) {
        const version = versionOf(done.out.at(-1))
        known = version === undefined ? undefined : { ...place, version }
        return { ok: true, out: ops.map((_, at) => outOf(at, linked, done.out)) }
      }
      const failed = linked[done.failed]
      if (failed !== undefined && failed.entry === undefined) return { ok: false, failed: failed.at }
    }
    return { ok: false, failed: ops.findIndex(isLogged) }
  }

  return {
    get capabilities() {
      return store.capabilities
    },
    get: (ns, key) => store.get(ns, key),
    commit: (ops) => (ops.some(isLogged) ? inTurn(() => commitLinked(ops)) : store.commit(ops)),
    range: (ns, within) => store.range(ns, within),
    read: (log, from, limit) => store.read(log, from, limit),
    sweep: (max) => store.sweep(max),
    close: () => store.close(),
  }
}

/** A place as it was noted, to be moved on the condition that nobody else did. */
export interface NotedPlace extends LogPlace {
  /** Absent: it was never noted. */
  readonly version?: Version
  /** Something is noted that does not open, so that its version is unknown too: it is moved whoever did so before. */
  readonly isUnreadable?: true
}

/** Where the log begins that is still there. */
export async function anchorOf(store: Store): Promise<NotedPlace> {
  return (await findPlace(store, ANCHOR)) ?? beginning
}

/** Where it ends, as it was last written; absent while nothing was linked, or when that was lost. */
export async function findHead(store: Store): Promise<NotedPlace | undefined> {
  return findPlace(store, HEAD)
}

/** Refused where somebody else moved it since. */
export function moveAnchor(from: NotedPlace, to: LogPlace): Op {
  return movePlace(ANCHOR, from, to)
}

/** As `moveAnchor`. */
export function moveHead(from: NotedPlace, to: LogPlace): Op {
  return movePlace(HEAD, from, to)
}

/** Entries from a number on, and before another, as they rest. Those of older releases come first. */
export async function* entriesFrom(
  store: Store,
  from: number,
  until: number = Number.POSITIVE_INFINITY,
): AsyncIterable<{ readonly seq: number; readonly value: Uint8Array; readonly isLinked: boolean }> {
  for await (const { seq, value } of store.read(LOG, from)) {
    if (seq >= until) break
    yield { seq, value, isLinked: false }
  }
  const lt = Number.isFinite(until) ? { lt: keyOf(until) } : {}
  for await (const { key, value } of store.range(ENTRY_NS, { gte: keyOf(from), ...lt }))
    yield { seq: Number(key), value, isLinked: true }
}

/** Nothing of it rests afterwards. */
export function dropEntry({ seq, isLinked }: { readonly seq: number; readonly isLinked: boolean }): Op {
  return isLinked
    ? { op: 'del', ns: ENTRY_NS, key: keyOf(seq) }
    : { op: 'trim', name: LOG, from: seq, count: 1 }
}

/** So that the order of keys is that of the entries. */
export function keyOf(seq: number): string {
  return String(seq).padStart(16, '0')
}

async function headOf(store: Store, hash: Hash): Promise<NotedPlace> {
  const head = await findHead(store)
  if (head !== undefined) return head
  const anchor = await anchorOf(store)
  const last = await lastLinked(store, anchor.next)
  // The end was lost. Whether more stood there nobody can say: what comes now does not follow, and reading tells.
  if (last !== undefined) return { next: last + 1, link: '' }
  // What an older release wrote stands under the first link.
  let place: LogPlace = { next: anchor.next, link: anchor.link }
  for await (const { value } of store.read(LOG, place.next)) place = placeAfter(place, value, hash)
  return place
}

/** The number of the last entry that is a record of its own, from a number on. */
export async function lastLinked(store: Store, from: number): Promise<number | undefined> {
  let last: number | undefined
  for await (const { key } of store.range(ENTRY_NS, { gte: keyOf(from) })) last = Number(key)
  return last
}

async function findPlace(store: Store, key: string): Promise<NotedPlace | undefined> {
  const entry = await store.get(PLACE_NS, key)
  return entry && { ...placeForm.read(entry.value), version: entry.version }
}

function movePlace(key: string, { version, isUnreadable }: NotedPlace, { next, link }: LogPlace): Op {
  const value = placeForm.write({ next, link })
  if (isUnreadable) return { op: 'put', ns: PLACE_NS, key, value }
  return { op: 'put', ns: PLACE_NS, key, value, if: version === undefined ? 'absent' : { version } }
}

/** An operation as it is done, in the place of which it stands; `entry` where it is one of the log. */
interface Linked {
  readonly op: Op
  readonly at: number
  readonly entry?: number
}

function linkAll(
  ops: readonly Op[],
  head: LogPlace,
  hash: Hash,
): { readonly linked: readonly Linked[]; readonly place: LogPlace } {
  let place = head
  const linked = ops.flatMap((op, at): readonly Linked[] => {
    if (!isLogged(op)) return [{ op, at }]
    return op.entries.map((bytes) => {
      const { next: seq, link: prev } = place
      const value = linkedForm.write({ seq, prev, entry: logForm.read(bytes) })
      place = placeAfter(place, value, hash)
      return { op: { op: 'put', ns: ENTRY_NS, key: keyOf(seq), value, if: 'absent' }, at, entry: seq }
    })
  })
  return { linked, place }
}

function isLogged(op: Op): op is Extract<Op, { readonly op: 'append' }> {
  return op.op === 'append' && op.name === LOG
}

function outOf(at: number, linked: readonly Linked[], out: readonly Out[]): Out {
  const place = linked.findIndex((one) => one.at === at)
  const { entry } = linked[place] ?? {}
  return entry === undefined ? (out[place] ?? { op: 'check' }) : { op: 'append', first: entry }
}

function versionOf(out: Out | undefined): Version | undefined {
  return out?.op === 'put' ? out.version : undefined
}
