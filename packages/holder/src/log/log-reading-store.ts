/** Reads the log, and finds out on the way whether it is what was written; exports it. */
import { readBase64urlText, writeBase64url } from '@facet-id/credential/base64url'
import type { Hash } from '@facet-id/credential/jose'
import type { Store } from '@facet-id/store'
import { HolderError } from '../error.ts'
import { type LogEntry, logForm } from '../presentation/log-store.ts'
import { beginning, follows, type LogPlace, placeAfter } from './chain.ts'
import { anchorOf, entriesFrom, findHead, linkedForm } from './linked-store.ts'

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
 * Oldest first. What comes before a fault is yielded, and then it is told. What is deleted while it is read is no fault.
 *
 * @throws {HolderError} `log_broken`: names the first entry that is not what was written, or not there
 */
export async function* readLog(store: Store, hash: Hash): AsyncIterable<StandingEntry> {
  let anchor = await anchorOf(store)
  for (;;) {
    const fault = yield* readFrom(anchor, store, hash)
    if (fault === undefined) return
    const moved = await anchorOf(store)
    if (moved.next <= fault) throw broken(fault)
    anchor = moved
  }
}

/** @returns the number of the first entry that is not what was written; nothing where all are */
async function* readFrom(
  anchor: LogPlace,
  store: Store,
  hash: Hash,
): AsyncGenerator<StandingEntry, number | undefined> {
  let place = anchor
  let links = false
  const head = await findHead(store)
  if (head !== undefined && !isAtOrAfter(head, place)) return place.next
  for await (const { seq, value, isLinked } of entriesFrom(store, place.next)) {
    const entry = entryIn({ value, isLinked }, place)
    if (seq !== place.next || entry === undefined) return place.next
    const after = placeAfter(place, value, hash)
    if (after.next === head?.next && after.link !== head.link) return seq
    place = after
    yield { seq, entry, bytes: value, place, isLinked }
    links ||= isLinked
  }
  // What is linked has an end that was noted.
  const end = head ?? (links ? await findHead(store) : beginning)
  return end === undefined || place.next < end.next ? place.next : undefined
}

/** Whether a log that begins there can end here. */
function isAtOrAfter(head: LogPlace, place: LogPlace): boolean {
  return head.next > place.next || (head.next === place.next && head.link === place.link)
}

/** The entry, if it can be read and stands where the one before it ends. */
export function entryIn(
  { value, isLinked }: { readonly value: Uint8Array; readonly isLinked: boolean },
  place: LogPlace,
): LogEntry | undefined {
  try {
    if (!isLinked) return logForm.read(value)
    const linked = linkedForm.read(value)
    return follows(linked, place) ? linked.entry : undefined
  } catch {
    return undefined
  }
}

/**
 * The log as JSON lines: where it begins, every entry as it rests, where it ends. `checkExportedLog` finds
 * out whether they are whole.
 *
 * @throws {HolderError} `log_broken`
 */
export async function* exportLog(store: Store, hash: Hash): AsyncIterable<string> {
  const { next, link } = await anchorOf(store)
  let end: LogPlace = { next, link }
  yield JSON.stringify({ begins: end })
  for await (const { bytes, place } of readLog(store, hash)) {
    end = place
    yield readBase64urlText(writeBase64url(bytes))
  }
  yield JSON.stringify({ ends: end })
}

function broken(seq: number): HolderError {
  return new HolderError(
    'log_broken',
    `The log is not what was written: entry ${seq} was changed or is missing, and what comes after it proves nothing`,
  )
}
