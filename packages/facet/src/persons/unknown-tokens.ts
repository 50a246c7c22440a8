/**
 * What keeps strangers' random texts from becoming questions to an authorization server: what it called inactive is
 * not asked about again for a while, and of what it never called active only so many are asked about in a minute.
 * RFC 7662 §4: answers that are kept are a trade, so none that says "active" is.
 */

export interface UnknownTokens {
  /** Whether the server said a moment ago that it is not active. */
  isRefused(token: string): boolean
  /** Whether the server may be asked now; counts the question. */
  mayAsk(token: string): boolean
  heard(token: string, active: boolean): void
}

/** Seconds for which a token that is not active stays so. */
const REFUSED_FOR = 30
const REMEMBERED = 10_000
const MINUTE = 60

/** @param perMinute tokens that were never active */
export function createUnknownTokens(now: () => number, perMinute: number): UnknownTokens {
  /** Until when, by token. */
  const refused = new Map<string, number>()
  const active = new Set<string>()
  let minute = 0
  let asked = 0
  return {
    isRefused: (token) => (refused.get(token) ?? 0) > now(),

    mayAsk(token) {
      if (active.has(token)) return true
      const current = Math.floor(now() / MINUTE)
      if (current !== minute) [minute, asked] = [current, 0]
      return asked++ < perMinute
    },

    heard(token, isActive) {
      refused.delete(token)
      active.delete(token)
      if (isActive) active.add(token)
      else refused.set(token, now() + REFUSED_FOR)
      forgetOldest(refused)
      forgetOldest(active)
    },
  }
}

function forgetOldest(kept: Map<string, number> | Set<string>): void {
  if (kept.size <= REMEMBERED) return
  const [oldest] = kept.keys()
  if (oldest !== undefined) kept.delete(oldest)
}
