/**
 * Finds what stands in the log without reading it: entries that do not open are their owner's like all others, and a
 * store tells of them no more than that something is there.
 */
import type { Store } from '@facet-id/store'
import { LOG } from '../presentation/log-store.ts'
import { ENTRY_NS, keyOf } from './linked-store.ts'

export interface StandingNumber {
  readonly seq: number
  /** A record of its own, or what an older release wrote. */
  readonly isLinked: boolean
  /** As it rests; absent where it does not open. */
  readonly value?: Uint8Array
}

/** Whether what rests there was changed, or sealed under another key. */
export function isUnreadable(error: unknown): boolean {
  return error instanceof Error && Reflect.get(error, 'code') === 'seal_broken'
}

/** As `entriesFrom`, and what does not open as well. */
export async function* numbersFrom(
  store: Store,
  from: number,
  until: number = Number.MAX_SAFE_INTEGER,
): AsyncIterable<StandingNumber> {
  yield* olderNumbers(store, from, until)
  yield* linkedNumbers(store, from, until)
}

/**
 * They stand without gaps from the first on. Where that one does not open, and `from` is before it, the numbers between
 * are taken for entries that do not open either.
 */
async function* olderNumbers(store: Store, from: number, until: number): AsyncIterable<StandingNumber> {
  for (let next = from; next < until; next++) {
    try {
      for await (const { seq, value } of store.read(LOG, next)) {
        if (seq >= until) return
        yield { seq, isLinked: false, value }
        next = seq + 1
      }
      return
    } catch (error) {
      if (!isUnreadable(error)) throw error
      // A look at what stands before the end may have gone beyond it.
      if (next >= until) return
      yield { seq: next, isLinked: false }
    }
  }
}

async function* linkedNumbers(store: Store, from: number, until: number): AsyncIterable<StandingNumber> {
  for (let next = from; next < until; next++) {
    try {
      for await (const { key, value } of store.range(ENTRY_NS, { gte: keyOf(next), lt: keyOf(until) })) {
        yield { seq: Number(key), isLinked: true, value }
        next = Number(key) + 1
      }
      return
    } catch (error) {
      if (!isUnreadable(error)) throw error
      const seq = await firstLinked(store, next, until)
      if (seq === undefined) return
      yield { seq, isLinked: true }
      next = seq
    }
  }
}

/** The number of the first entry in a range, whether it opens or not: the range is halved around it. */
async function firstLinked(store: Store, from: number, until: number): Promise<number | undefined> {
  // As a rule it is the next one.
  if (await holdsAny(store, from, from + 1)) return from
  if (!(await holdsAny(store, from, until))) return undefined
  let [before, end] = [from, until]
  while (end - before > 1) {
    const middle = before + Math.floor((end - before) / 2)
    if (await holdsAny(store, before, middle)) end = middle
    else before = middle
  }
  return before
}

async function holdsAny(store: Store, from: number, until: number): Promise<boolean> {
  try {
    for await (const _ of store.range(ENTRY_NS, { gte: keyOf(from), lt: keyOf(until), limit: 1 })) return true
    return false
  } catch (error) {
    if (isUnreadable(error)) return true
    throw error
  }
}
