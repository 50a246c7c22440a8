/** Reads the log, and finds out on the way whether it is what was written; exports it, and deletes from it. */
import { readBase64urlText, writeBase64url } from '@facet-id/credential/base64url'
import type { Hash } from '@facet-id/credential/jose'
import type { Store } from '@facet-id/store'
import { HolderError } from '../error.ts'
import { type LogEntry, logForm } from '../presentation/log-store.ts'
import { follows, type LogPlace, placeAfter } from './chain.ts'
import { anchorOf, dropEntry, entriesFrom, findHead, linkedForm, writeAnchor } from './linked-store.ts'

export interface StandingEntry {
  readonly seq: number
  readonly entry: LogEntry
  readonly bytes: Uint8Array
  /** The place after it. */
  readonly place: LogPlace
  /** A record of its own, or what an older release wrote. */
  readonly isLinked: boolean
}

/**
 * Oldest first. What comes before a fault is yielded, and then it is told.
 *
 * @throws {HolderError} `log_broken`: names the first entry that is not what was written, or not there
 */
export async function* readLog(store: Store, hash: Hash): AsyncIterable<StandingEntry> {
  let place = await anchorOf(store)
  const head = await findHead(store)
  if (head !== undefined && !isAtOrAfter(head, place)) throw broken(place.next)
  for await (const { seq, value, isLinked } of entriesFrom(store, place.next)) {
    const entry = isLinked ? entryIn(value, place) : logForm.read(value)
    if (seq !== place.next || entry === undefined) throw broken(place.next)
    const after = placeAfter(place, value, hash)
    if (after.next === head?.next && after.link !== head.link) throw broken(seq)
    place = after
    yield { seq, entry, bytes: value, place, isLinked }
  }
  if (head !== undefined && place.next < head.next) throw broken(place.next)
}

/** Whether a log that begins there can end here. */
function isAtOrAfter(head: LogPlace, place: LogPlace): boolean {
  return head.next > place.next || (head.next === place.next && head.link === place.link)
}

/** The entry, if it stands where the one before it ends. */
function entryIn(value: Uint8Array, place: LogPlace): LogEntry | undefined {
  const linked = linkedForm.read(value)
  return follows(linked, place) ? linked.entry : undefined
}

/**
 * The log as JSON lines: where it begins, every entry as it rests, where it ends. `checkExportedLog` finds
 * out whether they are whole.
 *
 * @throws {HolderError} `log_broken`
 */
export async function* exportLog(store: Store, hash: Hash): AsyncIterable<string> {
  let end = await anchorOf(store)
  yield JSON.stringify({ begins: end })
  for await (const { bytes, place } of readLog(store, hash)) {
    end = place
    yield readBase64urlText(writeBase64url(bytes))
  }
  yield JSON.stringify({ ends: end })
}

const BATCH = 100

/**
 * Deletes from the beginning what is older than a moment; all of it where none is given. The chain goes on from
 * where it was cut.
 *
 * @param before seconds since the epoch
 * @returns how many entries
 * @throws {HolderError} `log_broken`
 */
export async function deleteLog(
  { store, hash }: { readonly store: Store; readonly hash: Hash },
  before: number = Number.POSITIVE_INFINITY,
): Promise<number> {
  let count = 0
  let batch: StandingEntry[] = []
  const flush = async (): Promise<void> => {
    const last = batch.at(-1)
    if (last === undefined) return
    await store.commit([...batch.map(dropEntry), writeAnchor(last.place)])
    count += batch.length
    batch = []
  }
  for await (const standing of readLog(store, hash)) {
    if (standing.entry.at >= before) break
    batch.push(standing)
    if (batch.length === BATCH) await flush()
  }
  await flush()
  return count
}

function broken(seq: number): HolderError {
  return new HolderError(
    'log_broken',
    `The log is not what was written: entry ${seq} was changed or is missing, and what comes after it proves nothing`,
  )
}
