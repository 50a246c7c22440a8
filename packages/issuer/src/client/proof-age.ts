/** When a proof was made: just now, whatever kind it is. RFC 9449 §11.1, FAPI 2.0 §5.3.2.1. */
import { CLOCK_SKEW_SECONDS } from '../issuance/nonce.ts'

/** Proofs from a clock that is ahead are taken up to here. */
const AHEAD_SECONDS = 10
/** Older than this, a proof was not made for a request that is under way. */
export const PROOF_AGE_SECONDS = 300

/** @param iat seconds since the epoch, with or without a fraction; so is `now` */
export function isJustMade(iat: number, now: number): boolean {
  const age = now - iat
  return age >= -AHEAD_SECONDS && age <= PROOF_AGE_SECONDS
}

/** Until when a proof could be believed by any clock of ours: so long it is remembered. Seconds since the epoch. */
export function believedUntil(iat: number): number {
  return Math.ceil(iat) + PROOF_AGE_SECONDS + 2 * CLOCK_SKEW_SECONDS
}
