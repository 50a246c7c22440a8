/**
 * The stage after the signatures: what the issuer signed and what the holder put with it.
 * RFC 9901 §7.1 steps 3 to 6.
 */
import type { Hash } from '../jose/ports.ts'
import { type FindDisclosure, type OpenedSdJwt, openKeepingDisclosures } from '../sd-jwt/open.ts'
import { checkClaims, checkType, checkValidity } from './check-claims.ts'
import { checkAudience, checkKeyBindingTime, checkNonce, checkPresentationHash } from './check-key-binding.ts'
import { type RegisteredClaims, readRegisteredClaims, readType } from './claims.ts'
import { attempt, fail, pass } from './finding.ts'
import type { Presentation } from './presentation.ts'
import type { Expectations } from './question.ts'
import type { Check, ProvenIssuer, VerifiedCredential } from './report.ts'

export interface Contents {
  /** Up to and including the first that did not pass. */
  readonly checks: readonly Check[]
  /** There when all of them passed; still to be held against trust and status. */
  readonly credential?: Omit<VerifiedCredential, keyof ProvenIssuer>
  /** There beside it. */
  readonly findDisclosure?: FindDisclosure
}

export function judgeContents(presentation: Presentation, expected: Expectations, hash: Hash): Contents {
  const { issuerSigned, disclosures } = presentation
  const read = attempt(() => openKeepingDisclosures(issuerSigned.payload, disclosures, hash))
  if (!read.ok) return { checks: [fail('disclosures', { reason: read.reason, text: read.text })] }
  const { opened, findDisclosure } = read.value
  const checks = [
    pass('disclosures', 'Every disclosed claim is one that the issuer signed.'),
    checkType(opened, expected),
  ]
  if (!endsWithPass(checks)) return { checks }
  const registered = attempt(() => readRegisteredClaims(opened.claims))
  checks.push(checkClaims({ ...opened, payload: issuerSigned.payload }, registered, expected))
  if (!registered.ok || !endsWithPass(checks)) return { checks }
  checks.push(checkValidity(registered.value, expected))
  if (!endsWithPass(checks)) return { checks }
  return { checks, credential: credentialOf(opened, registered.value), findDisclosure }
}

/** All four, whatever each comes to: a report on a replay names everything that is wrong with it. */
export function judgeKeyBinding(
  presentation: Presentation,
  expected: Expectations,
  hash: Hash,
): readonly Check[] {
  const { keyBinding } = presentation
  if (keyBinding === undefined) return []
  return [
    checkNonce(keyBinding),
    checkAudience(keyBinding),
    checkKeyBindingTime(keyBinding, expected),
    checkPresentationHash(presentation, keyBinding, hash),
  ]
}

function endsWithPass(checks: readonly Check[]): boolean {
  return checks.at(-1)?.outcome === 'pass'
}

function credentialOf(
  { claims, disclosed, undisclosed }: OpenedSdJwt,
  { issuer: _, ...registered }: RegisteredClaims,
): NonNullable<Contents['credential']> {
  const places = disclosed.map(({ at }) => at)
  return { ...registered, vct: readType(claims), claims, disclosed: places, undisclosed }
}
