/** What a verifier is registered for: purposes, and for each the claims that it takes. */
import type { JsonValue } from '@facet-id/credential/json'
import type { AskedClaims } from '../decide.ts'
import { distinct, malformed, readList, readMembers } from '../rule-reader.ts'
import { type ClaimsRule, readClaims } from '../rules.ts'
import { findOverAsking, type OverAsked } from './over-asking.ts'

export type Purpose = {
  /** In the registrar's words, for people: `Proof of age at the bar`. */
  readonly purpose: string
  readonly claims: readonly ClaimsRule[] | 'any'
}

/** Which purpose covers a request, or what is asked too much. */
export type Coverage =
  | { readonly covered: true; readonly purpose: string }
  /** Beyond the purpose that comes nearest. */
  | { readonly covered: false; readonly beyond: readonly OverAsked[] }

const maxPurposeCharacters = 200

/**
 * Reads purposes, at least one.
 *
 * @throws {TrustError} `rule_malformed`, `rule_wildcard`, `rule_repeated`
 */
export function readPurposes(value: JsonValue | undefined, place: string): readonly Purpose[] {
  const purposes = readList(value, place, readPurpose)
  if (purposes.length === 0) throw malformed(place, 'must name a purpose')
  return distinct(purposes, ({ purpose }) => purpose, place)
}

/**
 * Holds a request against purposes. One purpose must cover all of it: what two purposes allow together
 * is asked in two requests, so that a person can agree to one of them.
 */
export function judgeAsking(asked: readonly AskedClaims[], purposes: readonly Purpose[]): Coverage {
  let nearest: readonly OverAsked[] | undefined
  for (const { purpose, claims } of purposes) {
    const beyond = findOverAsking(asked, claims)
    if (beyond.length === 0) return { covered: true, purpose }
    if (nearest === undefined || beyond.length < nearest.length) nearest = beyond
  }
  return { covered: false, beyond: nearest ?? [{}] }
}

function readPurpose(value: JsonValue, place: string): Purpose {
  const { purpose, claims } = readMembers(value, ['purpose', 'claims'], place)
  if (
    typeof purpose !== 'string' ||
    purpose.trim() === '' ||
    purpose.length > maxPurposeCharacters ||
    /\p{C}/u.test(purpose)
  )
    throw malformed(`${place}.purpose`, 'must be a sentence of at most 200 characters')
  return { purpose, claims: readClaims(claims, `${place}.claims`) }
}
