/** A commit as a job: its operations in order, each over what those before it have done. */
import type { Committed, Op, Out, Refused } from '@facet-id/store'
import {
  type RecordCell,
  readNumberCell,
  readRecordCell,
  writeEntryCell,
  writeNumberCell,
  writeRecordCell,
} from './cells.ts'
import type { Job, View } from './committer.ts'
import { counterKey, expiryKey, logEntryKey, logHeadKey, recordKey } from './layout.ts'

export interface CommitPorts {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** A version never given before. */
  readonly nextVersion: () => number
}

const NOTHING = new Uint8Array()

/** @param ops as `readOps` gave them: checked, and no longer in the caller's hands */
export function commitJob(ops: readonly Op[], ports: CommitPorts): Job<Committed | Refused> {
  return {
    reads: ops.filter(looksFirst).map(keyOf),
    versions: ops.filter(({ op }) => op === 'put').length,
    bytes: ops.reduce((sum, op) => sum + bytesOf(op), 0),
    perform(view) {
      const out: Out[] = []
      for (const [index, op] of ops.entries()) {
        const yielded = perform(op, view, ports)
        if (yielded === undefined) return { result: { ok: false, failed: index }, keep: false }
        out.push(yielded)
      }
      return { result: { ok: true, out }, keep: true }
    },
  }
}

/** How a caller sees the version of a record. */
export function versionText(version: number): string {
  return version.toString(36)
}

export function isExpired({ expiresAt }: Pick<RecordCell, 'expiresAt'>, moment: number): boolean {
  return expiresAt !== undefined && expiresAt <= moment
}

/** Puts a record in the place of another, or deletes it, and keeps the index of what expires true. */
export function replaceRecord(view: View, key: string, next: RecordCell | undefined): void {
  const before = findCell(view, key)
  if (before?.expiresAt !== undefined) view.set(expiryKey(before.expiresAt, key), undefined)
  if (next?.expiresAt !== undefined) view.set(expiryKey(next.expiresAt, key), NOTHING)
  if (before !== undefined || next !== undefined) {
    view.set(key, next === undefined ? undefined : writeRecordCell(next))
  }
}

export function findCell(view: View, key: string): RecordCell | undefined {
  const cell = view.get(key)
  return cell === undefined ? undefined : readRecordCell(cell)
}

/** What is new has nothing in its place to look at. */
function looksFirst(op: Op): boolean {
  return op.op !== 'put' || op.if !== 'new'
}

function keyOf(op: Op): string {
  switch (op.op) {
    case 'alloc':
      return counterKey(op.name)
    case 'append':
    case 'trim':
      return logHeadKey(op.name)
    default:
      return recordKey(op.ns, op.key)
  }
}

function bytesOf(op: Op): number {
  if (op.op === 'put') return op.value.length
  return op.op === 'append' ? op.entries.reduce((sum, { length }) => sum + length, 0) : 0
}

/** What the operation yields; `undefined`: its condition does not hold. */
function perform(op: Op, view: View, ports: CommitPorts): Out | undefined {
  if (op.op === 'alloc') return { op: 'alloc', first: advance(view, counterKey(op.name), op.count) }
  if (op.op === 'append') {
    const first = advance(view, logHeadKey(op.name), op.entries.length)
    for (const [index, entry] of op.entries.entries()) {
      view.set(logEntryKey(op.name, first + index), writeEntryCell(entry))
    }
    return { op: 'append', first }
  }
  if (op.op === 'trim') {
    const head = view.get(logHeadKey(op.name))
    const end = Math.min(op.from + op.count, head === undefined ? 0 : readNumberCell(head))
    for (let seq = op.from; seq < end; seq++) view.set(logEntryKey(op.name, seq), undefined)
    return { op: 'trim' }
  }
  const key = recordKey(op.ns, op.key)
  const cell = findCell(view, key)
  const held = cell === undefined || isExpired(cell, ports.now()) ? undefined : cell
  const version = held === undefined ? undefined : versionText(held.version)
  switch (op.op) {
    case 'check':
      return version === op.version ? { op: 'check' } : undefined
    case 'del':
      replaceRecord(view, key, undefined)
      return { op: 'del' }
    case 'take':
      if (held === undefined) return undefined
      replaceRecord(view, key, undefined)
      return { op: 'take', value: held.value }
    case 'put': {
      if (typeof op.if === 'string' && held !== undefined) return undefined
      if (typeof op.if === 'object' && version !== op.if.version) return undefined
      const next = { version: ports.nextVersion(), expiresAt: op.expiresAt, value: op.value }
      replaceRecord(view, key, next)
      return { op: 'put', version: versionText(next.version) }
    }
  }
}

/** Moves a number on and gives where it stood. */
function advance(view: View, key: string, by: number): number {
  const cell = view.get(key)
  const first = cell === undefined ? 0 : readNumberCell(cell)
  view.set(key, writeNumberCell(first + by))
  return first
}
