/** What was found out about public documents, kept for as long as it may be, and no more than fits. */

/** A memory, bounded in bytes: what was used longest ago is forgotten first. */
export interface Kept<Answer> {
  /** `now`: seconds since the epoch, as everywhere here. */
  find(key: string, now: number): Answer | undefined
  keep(key: string, answer: Answer, within: Lifetime): void
}

export interface Lifetime {
  /** When it was asked for: before that it is not used either, should the clock be set back. */
  readonly from: number
  /** From then on it is no longer used. */
  readonly until: number
}

interface Entry<Answer> extends Lifetime {
  readonly answer: Answer
  readonly bytes: number
}

/** Roughly what an entry takes besides its key and its content. */
const overhead = 512

/** @param bytesOf roughly what an answer takes */
export function createKept<Answer>(maxBytes: number, bytesOf: (answer: Answer) => number): Kept<Answer> {
  const entries = new Map<string, Entry<Answer>>()
  let total = 0

  const forget = (key: string): void => {
    total -= entries.get(key)?.bytes ?? 0
    entries.delete(key)
  }

  return {
    find(key, now) {
      const kept = entries.get(key)
      if (kept === undefined) return undefined
      forget(key)
      if (now < kept.from || now >= kept.until) return undefined
      // A map is in the order of insertion, so this makes it the last to be forgotten.
      entries.set(key, kept)
      total += kept.bytes
      return kept.answer
    },
    keep(key, answer, lifetime) {
      forget(key)
      const bytes = overhead + 2 * key.length + bytesOf(answer)
      if (bytes > maxBytes) return
      entries.set(key, { ...lifetime, answer, bytes })
      total += bytes
      for (const oldest of entries.keys()) {
        if (total <= maxBytes) break
        forget(oldest)
      }
    },
  }
}
