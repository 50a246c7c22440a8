/** How fresh material is: which of several pieces about one thing is gone by, and what is too old for it. */
import type { Known, MaterialAtHand, MaterialKind, Used } from './material.ts'

/** Seconds by which clocks may differ: what was made a moment ago elsewhere may seem to be made in a moment. */
export const CLOCK_SKEW = 60

/**
 * The freshest of those that are within their time; where none is, the freshest of all, so that a report says
 * why it will not do. All that are equally fresh, in the order given: nobody knows which came later. None of none.
 */
export function freshest<Piece extends Known>(pieces: readonly Piece[], now: number): readonly Piece[] {
  const good = pieces.filter((piece) => piece.asOf <= now + CLOCK_SKEW && !hasEnded(piece, now))
  const among = good.length === 0 ? pieces : good
  const latest = among.reduce((most, { asOf }) => Math.max(most, asOf), Number.NEGATIVE_INFINITY)
  return among.filter(({ asOf }) => asOf === latest)
}

/** No leave is given for clocks: somebody said until when it may be relied on. */
export function hasEnded({ expiresAt = Number.POSITIVE_INFINITY }: Known, now: number): boolean {
  return !(expiresAt > now)
}

/** Why something is too old to go by; absent where it is not. */
export function staleness(
  kind: MaterialKind,
  { asOf }: Known,
  { maxAge = {}, now }: Pick<MaterialAtHand, 'maxAge'> & { readonly now: number },
): string | undefined {
  const most = maxAge[kind]
  if (most === undefined || now - asOf <= most) return undefined
  return `What is known of this is ${now - asOf} seconds old, and ${most} are allowed.`
}

export function usedOf(used: Omit<Used, 'age'>, now: number): Used {
  return { ...used, age: Math.max(0, now - used.asOf) }
}
