/**
 * Keeps the last keys that were imported: an issuer's key is used by every credential, and importing
 * it costs a third of a verification. A memo and nothing else: with or without it the verdicts are
 * the same.
 */
export interface KeyCache<T> {
  /** What was made for the name, or what is made now. */
  get(name: string, make: () => T): T
  readonly size: number
}

/** @param limit how many keys are kept; the one that was asked for longest ago goes first */
export function createKeyCache<T>(limit: number): KeyCache<T> {
  const kept = new Map<string, T>()
  return {
    get(name, make) {
      const found = kept.get(name)
      const key = found ?? make()
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
