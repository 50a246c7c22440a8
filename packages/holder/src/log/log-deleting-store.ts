/**
 * Deletes from the beginning of the log. First its beginning is moved, in a commit that one deletion wins; then what
 * stands before it is nobody's any more, and goes, also what a deletion left that was interrupted.
 */
import type { Hash } from '@facet-id/credential/jose'
import type { Store } from '@facet-id/store'
import { HolderError } from '../error.ts'
import { beginning, type LogPlace } from './chain.ts'
import { anchorOf, dropEntry, findHead, moveAnchor, moveHead, type NotedPlace } from './linked-store.ts'
import { readLog } from './log-reading-store.ts'
import { type Reach, reachPast } from './past-unreadable-store.ts'
import { isUnreadable, numbersFrom } from './unreadable-store.ts'

export interface DeletedLog {
  /** How many went. */
  readonly entries: number
  /** What was deleted was not what was written; what comes now is a chain of its own. */
  readonly wasBroken?: true
  /** How many of those that went could not be read, so that nobody knows what they said; absent: none. */
  readonly unreadable?: number
  /** How many that cannot be read stand where it was cut: whether they are older than the moment nobody knows. Absent: none. */
  readonly unreadableLeft?: number
}

interface Log {
  readonly store: Store
  readonly hash: Hash
}

/** Losing more often than that is not for want of trying. */
const TRIES = 50

/**
 * Deletes from the beginning what is older than a moment, up to the first entry that is not: whatever comes after that
 * one stays, also where its clock went wrong. Where no moment is given, all of it goes, whatever it is, also what cannot be
 * read. Before a moment that goes where a later entry is older.
 *
 * @param before seconds since the epoch
 * @throws {HolderError} `choice_invalid` for a moment that is none; `log_broken`, where some of it would stay;
 * `state_contended`
 * @throws {StoreError} `seal_broken`, where a note of where it begins or ends cannot be read and some would stay, or where an entry
 * cannot be read and something else is wrong
 */
export async function deleteLog(log: Log, before?: number): Promise<DeletedLog> {
  if (before !== undefined && !Number.isFinite(before))
    throw new HolderError('choice_invalid', 'The moment before which the log is deleted is none')
  for (let tries = 0; tries < TRIES; tries++) {
    const anchor = await placeOf(anchorOf(log.store), before)
    const done = await cut(anchor, before, log)
    if (done === undefined) continue
    await dropBefore((await anchorOf(log.store)).next, log.store)
    return done
  }
  throw new HolderError('state_contended', 'The log is being deleted by others; try again')
}

/** A place that does not open says nothing, and where all is deleted nothing needs to be known of it. */
async function placeOf<T extends NotedPlace | undefined>(
  asked: Promise<T>,
  before: number | undefined,
): Promise<T | NotedPlace> {
  try {
    return await asked
  } catch (error) {
    if (before === undefined && isUnreadable(error)) return { ...beginning, isUnreadable: true }
    throw error
  }
}

/** Nothing, where somebody else was first. */
async function cut(
  anchor: NotedPlace,
  before: number | undefined,
  log: Log,
): Promise<DeletedLog | undefined> {
  const found = await endOfOlder(anchor, before, log)
  if (found === 'broken') return beginAnew(anchor, log.store)
  const { end, unreadable = 0, unreadableLeft = 0 } = found
  const done: DeletedLog = {
    entries: end.next - anchor.next,
    ...(unreadable === 0 ? {} : { unreadable }),
    ...(unreadableLeft === 0 ? {} : { unreadableLeft }),
  }
  if (end.next === anchor.next) return done
  const moved = await log.store.commit([moveAnchor(anchor, end)])
  return moved.ok ? done : undefined
}

async function endOfOlder(
  anchor: NotedPlace,
  before: number | undefined,
  log: Log,
): Promise<(Pick<Reach, 'end'> & Partial<Reach>) | 'broken'> {
  let end: LogPlace = anchor
  try {
    for await (const { entry, place } of readLog(log.store, log.hash)) {
      if (before !== undefined && entry.at >= before) break
      end = place
    }
    return { end }
  } catch (error) {
    const isBroken = isUnreadable(error) || (error instanceof HolderError && error.code === 'log_broken')
    if (before === undefined && isBroken) return 'broken'
    const reach =
      before !== undefined && isUnreadable(error) ? await reachPast(anchor, before, log) : undefined
    if (reach === undefined) throw error
    return reach
  }
}

/** The numbers go on, so that nothing of what was stands where something of what comes will. */
async function beginAnew(anchor: NotedPlace, store: Store): Promise<DeletedLog | undefined> {
  const head = (await placeOf(findHead(store), undefined)) ?? beginning
  let last = -1
  let entries = 0
  let unreadable = 0
  for await (const { seq, value } of numbersFrom(store, 0)) {
    last = Math.max(last, seq)
    if (seq < anchor.next) continue
    entries++
    if (value === undefined) unreadable++
  }
  const start: LogPlace = { next: Math.max(anchor.next, head.next, last + 1), link: '' }
  const begun = await store.commit([moveAnchor(anchor, start), moveHead(head, start)])
  if (!begun.ok) return undefined
  return { entries, wasBroken: true, ...(unreadable === 0 ? {} : { unreadable }) }
}

const BATCH = 100

async function dropBefore(next: number, store: Store): Promise<void> {
  let batch: { readonly seq: number; readonly isLinked: boolean }[] = []
  const flush = async (): Promise<void> => {
    if (batch.length > 0) await store.commit(batch.map(dropEntry))
    batch = []
  }
  for await (const { seq, isLinked } of numbersFrom(store, 0, next)) {
    batch.push({ seq, isLinked })
    if (batch.length === BATCH) await flush()
  }
  await flush()
}
