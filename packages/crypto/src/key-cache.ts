/**
 * Keeps keys that were imported: an issuer's key is used by every credential, and importing it costs a third of a
 * verification. A memo and nothing else: with or without it the verdicts are the same.
 *
 * A key is kept once it comes a second time. Holders' keys pass through once, and what is kept of them for nothing
 * grows old and is freed thousands at a time, while everybody waits.
 */
export interface KeyCache<T> {
  /** What was made for the name, or what is made now. */
  get(name: string, make: () => T): T
  readonly size: number
}

/** @param limit how many keys are kept, and at least half as many names seen once; the oldest go first */
export function createKeyCache<T>(limit: number): KeyCache<T> {
  const kept = new Map<string, T>()
  let seen = new Set<string>()
  let seenBefore = new Set<string>()

  function isSecond(name: string): boolean {
    if (seen.has(name) || seenBefore.has(name)) return true
    seen.add(name)
    if (2 * seen.size >= limit) {
      seenBefore = seen
      seen = new Set()
    }
    return false
  }

  return {
    get(name, make) {
      const found = kept.get(name)
      const key = found ?? make()
      if (found === undefined && !isSecond(name)) return key
      // A map keeps the order of insertion: whatever is put in again is the youngest.
      if (found !== undefined) kept.delete(name)
      kept.set(name, key)
      if (kept.size > limit) {
        const [oldest] = kept.keys()
        if (oldest !== undefined) kept.delete(oldest)
      }
      return key
    },
    get size() {
      return kept.size
    },
  }
}
