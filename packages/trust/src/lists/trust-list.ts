/**
 * Our own list of trusted parties: small enough for a ministry to write by hand, signed, numbered, with an
 * end. `specs/trust.md` §6 says what it holds.
 */
import type { JwsAlgorithm, PublicJwk, SignatureCheck, Verdict } from '@facet-id/credential/jose'
import { writeSigningInput } from '@facet-id/credential/jose'
import { findMember, type JsonObject } from '@facet-id/credential/json'
import { type PartyRules, readPartyRules } from '../party-rules.ts'
import { type Edition, type EditionOutcome, type EditionRules, judgeEdition, refused } from './edition.ts'
import { checksOfSignedText, malformed, readSignedText, type SignedText } from './signed-text.ts'

/** What a list says. */
export interface TrustList extends Edition {
  /** What the list is called, the same in each edition: `urn:uto:trust:issuers`. */
  readonly list: string
  /** For which world it is: `production`, `test`. What is trusted in one is not in another. */
  readonly environment: string
  readonly rules: PartyRules
}

/** What is known of a list before it comes. */
export interface ExpectedList {
  readonly list: string
  readonly environment: string
  /** Keys that may sign it, obtained out of band. Several while one replaces another. */
  readonly keys: readonly PublicJwk[]
}

/** A list on its way: readable, and not yet anybody's. */
export interface ReceivedList {
  readonly text: SignedText
  readonly list: TrustList
  readonly expected: ExpectedList
}

const typ = 'facet-trust-list+jwt'
const members = ['list', 'environment', 'sequence', 'iat', 'exp', 'issuers', 'verifiers', 'blocked']

/**
 * Reads a list as received.
 *
 * @throws {TrustError} `list_malformed`, and those of `readPartyRules`
 */
export function readTrustList(text: string, expected: ExpectedList): ReceivedList {
  const signed = readSignedText(text)
  if (signed.typ !== typ) throw malformed(`is of another kind than ${typ}`)
  return { text: signed, list: readContents(signed.payload), expected }
}

/** Which signatures to check; one that holds is enough, and there may be none. */
export function checksOfTrustList({ text, expected }: ReceivedList): readonly SignatureCheck[] {
  return checksOfSignedText(text, expected.keys)
}

/** @param verdicts one for each check, in order */
export function judgeTrustList(
  { text, list, expected }: ReceivedList,
  verdicts: readonly Verdict[],
  rules: EditionRules,
): EditionOutcome {
  const outcome = judgeEdition(text.signingInput, list, { verdicts, rules })
  if (outcome.outcome === 'refused' && outcome.code === 'signature_invalid') return outcome
  if (list.list !== expected.list || list.environment !== expected.environment)
    return refused('other_list', 'The list is another one, or for another environment, than was asked for.')
  return outcome
}

/**
 * What is signed: the caller signs its ASCII, and joins both with `writeJws`.
 *
 * @throws {TrustError} those of `readTrustList`: what could not be read is not written
 */
export function writeTrustList(
  { rules, sequence, issuedAt, expiresAt, ...names }: TrustList,
  alg: JwsAlgorithm,
): string {
  const payload = { ...names, sequence, iat: issuedAt, exp: expiresAt, ...rules }
  readContents(payload)
  return writeSigningInput({ alg, typ }, payload)
}

function readContents(payload: JsonObject): TrustList {
  if (Object.keys(payload).some((name) => !members.includes(name)))
    throw malformed('has a member that is not known')
  const { issuers = [], verifiers = [], blocked = [] } = payload
  const issuedAt = count(payload, 'iat')
  const expiresAt = count(payload, 'exp')
  if (expiresAt <= issuedAt) throw malformed('ends before it begins')
  return {
    list: name(payload, 'list'),
    environment: name(payload, 'environment'),
    sequence: count(payload, 'sequence'),
    issuedAt,
    expiresAt,
    rules: readPartyRules({ issuers, verifiers, blocked }),
  }
}

function count(payload: JsonObject, member: string): number {
  const value = findMember(payload, member)
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw malformed(`needs "${member}", a whole number`)
}

function name(payload: JsonObject, member: string): string {
  const value = findMember(payload, member)
  if (typeof value === 'string' && /^[\x21-\x7e]{1,256}$/.test(value)) return value
  throw malformed(`needs "${member}", a name without blanks`)
}
