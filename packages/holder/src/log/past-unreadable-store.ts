/**
 * How far what is older than a moment reaches, past entries that cannot be read. What nobody can read has no time; it is
 * surely covered where a later entry is older than the moment. That one says which link it follows, so that what
 * comes after it is verified as ever.
 */
import type { Hash } from '@facet-id/credential/jose'
import type { Store } from '@facet-id/store'
import { type LogPlace, placeAfter } from './chain.ts'
import { findHead, linkedForm } from './linked-store.ts'
import { entryIn } from './log-reading-store.ts'
import { numbersFrom, type StandingNumber } from './unreadable-store.ts'

export interface Reach {
  /** After the last entry that is surely covered. */
  readonly end: LogPlace
  /** How many that cannot be read are before that. */
  readonly unreadable: number
  /** How many stand between that and the first entry that is not older: of what time they are nobody knows. */
  readonly unreadableLeft: number
}

/**
 * @param before seconds since the epoch
 * @returns nothing, where something else is wrong with the log
 */
export async function reachPast(
  anchor: LogPlace,
  before: number,
  { store, hash }: { readonly store: Store; readonly hash: Hash },
): Promise<Reach | undefined> {
  const head = await findHead(store)
  let reach: Reach = { end: anchor, unreadable: 0, unreadableLeft: 0 }
  let next = anchor.next
  /** Absent after what cannot be read, for its digest is not known. */
  let place: LogPlace | undefined = anchor
  for await (const standing of numbersFrom(store, next)) {
    const { seq, value, isLinked } = standing
    if (seq !== next) return undefined
    next++
    if (value === undefined) {
      place = undefined
      reach = { ...reach, unreadableLeft: reach.unreadableLeft + 1 }
      continue
    }
    const from: LogPlace | undefined = place ?? resumedAt(standing)
    const entry = entryIn({ value, isLinked }, from ?? anchor)
    if (entry === undefined) return undefined
    place = from && placeAfter(from, value, hash)
    if (place !== undefined && place.next === head?.next && place.link !== head.link) return undefined
    if (entry.at >= before) return reach
    if (place !== undefined)
      reach = { end: place, unreadable: reach.unreadable + reach.unreadableLeft, unreadableLeft: 0 }
  }
  return head === undefined || next < head.next ? undefined : reach
}

/** Where an entry says that it stands; entries of older releases do not say it. */
function resumedAt({ seq, value, isLinked }: StandingNumber): LogPlace | undefined {
  if (value === undefined || !isLinked) return undefined
  try {
    return { next: seq, link: linkedForm.read(value).prev }
  } catch {
    return undefined
  }
}
