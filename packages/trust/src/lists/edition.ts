/**
 * Editions of a list: which one counts. A list that was replaced must not come back (whoever was taken off
 * would be trusted again), so the last edition that was accepted is kept, and nothing older is.
 */
import type { Hash, Verdict } from '@facet-id/credential/jose'

/** What an edition says of itself. Times are seconds since the epoch. */
export interface Edition {
  /** Grows with each edition. */
  readonly sequence: number
  readonly issuedAt: number
  readonly expiresAt: number
}

/** The last edition that was accepted. The caller keeps it, beside the list, and hands it back. */
export interface LastEdition {
  readonly sequence: number
  /** SHA-256 of what was signed, base64url. */
  readonly digest: string
}

export type EditionFaultCode =
  /** None of the keys that may sign the list has signed it. */
  | 'signature_invalid'
  /** Older than one that was accepted before. */
  | 'rolled_back'
  /** Another list under the number of one that was accepted before. */
  | 'forked'
  | 'not_yet_valid'
  | 'expired'
  /** A list by another name, of another kind, or of another environment than the one that was asked for. */
  | 'other_list'

export type EditionOutcome =
  | { readonly outcome: 'accepted'; readonly last: LastEdition }
  /** Nothing of it counts, and the last edition stays what it was. */
  | { readonly outcome: 'refused'; readonly code: EditionFaultCode; readonly why: string }

export interface EditionRules {
  readonly now: number
  /** By how much clocks may differ, seconds. */
  readonly skewSeconds: number
  /** Absent: no edition of this list was ever accepted. */
  readonly last?: LastEdition | undefined
  readonly hash: Hash
}

/**
 * Judges an edition whose form and name are right.
 *
 * @param signed what was signed of it
 */
export function judgeEdition(
  signed: string | Uint8Array,
  { sequence, issuedAt, expiresAt }: Edition,
  { verdicts, rules }: { readonly verdicts: readonly Verdict[]; readonly rules: EditionRules },
): EditionOutcome {
  const { now, skewSeconds, last, hash } = rules
  if (!verdicts.includes('valid'))
    return refused('signature_invalid', 'The list is not signed by anybody who may sign it.')
  const digest = hash('sha-256', signed)
  if (last !== undefined && sequence < last.sequence)
    return refused('rolled_back', 'The list is older than one that was here before.')
  if (last !== undefined && sequence === last.sequence && digest !== last.digest)
    return refused('forked', 'The list bears the number of another one that was here before.')
  if (issuedAt > now + skewSeconds) return refused('not_yet_valid', 'The list is one of a time to come.')
  if (expiresAt <= now) return refused('expired', 'The list has expired; a newer one is needed.')
  return { outcome: 'accepted', last: { sequence, digest } }
}

export function refused(code: EditionFaultCode, why: string): EditionOutcome {
  return { outcome: 'refused', code, why }
}
