/** What was found out about DIDs, kept for as long as it may be, and no more than fits. */
import type { KeyAnswer } from '@facet-id/credential/sd-jwt-vc'
import type { DidRecord } from './record.ts'

/** A record, and the keys that were already taken out of it. */
export interface KeptRecord {
  readonly record: DidRecord
  /** By what they were asked for. Only keys that were found are in it, so it is no larger than the document. */
  readonly keys: Map<string, KeyAnswer>
  /** When it was last looked for, seconds since the epoch; later than it was kept when nothing better was found. */
  readonly looked: { at: number }
}

export interface KeptRecords {
  /** `now`: seconds since the epoch. */
  find(did: string, now: number): KeptRecord | undefined
  keep(did: string, record: DidRecord, askedAt: number): KeptRecord
}

interface Entry extends KeptRecord {
  readonly from: number
  readonly until: number
  readonly bytes: number
}

/** Roughly what an entry takes besides its document. */
const overhead = 1024

/** A memory, bounded in entries and bytes: what was used longest ago is forgotten first. */
export function createKeptRecords(maxKept: number, maxBytes: number): KeptRecords {
  const entries = new Map<string, Entry>()
  let total = 0

  const forget = (did: string): void => {
    total -= entries.get(did)?.bytes ?? 0
    entries.delete(did)
  }

  return {
    find(did, now) {
      const entry = entries.get(did)
      if (entry === undefined) return undefined
      // Before it was asked for it is not used either, should the clock be set back.
      if (now < entry.from || now >= entry.until) {
        forget(did)
        return undefined
      }
      // A map is in the order of insertion, so this makes it the last to be forgotten.
      entries.delete(did)
      entries.set(did, entry)
      return entry
    },
    keep(did, record, askedAt) {
      forget(did)
      const bytes = overhead + 2 * did.length + record.bytes
      const kept = { record, keys: new Map<string, KeyAnswer>(), looked: { at: askedAt } }
      if (record.keepFor <= 0 || bytes > maxBytes) return kept
      entries.set(did, { ...kept, from: askedAt, until: askedAt + record.keepFor, bytes })
      total += bytes
      for (const oldest of entries.keys()) {
        if (entries.size <= maxKept && total <= maxBytes) break
        forget(oldest)
      }
      return kept
    },
  }
}
