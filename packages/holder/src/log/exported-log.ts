/** Checks a log that was exported, without the wallet that it is from. */
import { utf8 } from '@facet-id/credential/base64url'
import type { Hash } from '@facet-id/credential/jose'
import { findMember, isJsonObject, type JsonObject, readJsonObject } from '@facet-id/credential/json'
import { follows, type LogPlace, placeAfter } from './chain.ts'

export type ExportedLogCheck =
  /**
   * Every entry follows from the one before it, from the place where the lines begin to the one where they end.
   * `entries`: how many there are. `begins`: what was before that place is not in these lines, and nothing is proven
   * of it, nor of whether the log goes on where they end.
   */
  | { readonly holds: true; readonly entries: number; readonly begins: LogPlace }
  /** `line`: the first that does not follow from those before it, counted from 1. */
  | { readonly holds: false; readonly line: number }

/**
 * Proves that the lines hang together, and no more: whoever can write all of them anew can write their end anew too.
 * Compare `begins` and `ends` with what was noted elsewhere.
 */
export function checkExportedLog(lines: readonly string[], hash: Hash): ExportedLogCheck {
  const [first = '', ...rest] = lines
  let place = placeIn(first, 'begins')
  if (place === undefined) return { holds: false, line: 1 }
  const begins = place
  for (const [at, line] of rest.entries()) {
    const ends = at === rest.length - 1 ? placeIn(line, 'ends') : undefined
    if (ends !== undefined) {
      const isEnd = ends.next === place.next && ends.link === place.link
      return isEnd
        ? { holds: true, entries: place.next - begins.next, begins }
        : { holds: false, line: at + 2 }
    }
    if (!isNext(line, place)) return { holds: false, line: at + 2 }
    place = placeAfter(place, utf8(line), hash)
  }
  return { holds: false, line: lines.length + 1 }
}

function placeIn(line: string, name: 'begins' | 'ends'): LogPlace | undefined {
  const object = objectIn(line)
  const place = object && findMember(object, name)
  if (!isJsonObject(place)) return undefined
  const { next, link } = place
  return typeof next === 'number' && typeof link === 'string' ? { next, link } : undefined
}

/** An entry of an older release says nothing of what is before it. */
function isNext(line: string, place: LogPlace): boolean {
  const object = objectIn(line)
  if (object === undefined) return false
  const { v, seq, prev } = object
  if (v === 1) return seq === undefined
  return typeof seq === 'number' && typeof prev === 'string' && follows({ seq, prev }, place)
}

function objectIn(line: string): JsonObject | undefined {
  try {
    return readJsonObject(line)
  } catch {
    return undefined
  }
}
