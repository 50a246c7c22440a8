/**
 * Whether the processed claims are what was asked for, and may be relied upon.
 * SD-JWT VC §2.2.2, RFC 9901 §7.1 step 6, §9.7.
 */
import type { JsonObject } from '../json.ts'
import type { OpenedSdJwt } from '../sd-jwt/open.ts'
import { protectedClaims, type RegisteredClaims, readType } from './claims.ts'
import { type Attempt, attempt, fail, pass, undetermined } from './finding.ts'
import type { Expectations } from './question.ts'
import type { Check } from './report.ts'
import { mayBeWithheld } from './withheld.ts'

const isProtected: ReadonlySet<unknown> = new Set(protectedClaims)

export function checkType({ claims }: OpenedSdJwt, { vcts }: Expectations): Check {
  const type = attempt(() => readType(claims))
  if (!type.ok) return fail('type', { reason: type.reason, text: type.text })
  if (vcts === undefined || vcts.includes(type.value)) {
    return pass('type', 'The credential is of a type that is taken here.')
  }
  const text = 'The credential is of another type than the one asked for.'
  return fail('type', { reason: 'type_not_expected', text, expected: vcts.join(' or ') })
}

/** What was opened, beside what the issuer signed. */
export interface Processed extends OpenedSdJwt {
  readonly payload: JsonObject
}

/** Of their kind, in the clear where they must be, for us, and complete. */
export function checkClaims(
  { claims, disclosed, payload }: Processed,
  registered: Attempt<RegisteredClaims>,
  expected: Expectations,
): Check {
  const hidden = disclosed.map(({ at }) => at[0]).find((name) => isProtected.has(name))
  if (hidden !== undefined) {
    const text = `The claim ${hidden} came in a disclosure, where the holder could have withheld it.`
    return fail('claims', { reason: 'claim_protected', text, expected: `${hidden} in the clear` })
  }
  if (!registered.ok) return fail('claims', { reason: registered.reason, text: registered.text })
  // RFC 7519 §4.1.3: who does not find itself in "aud" must refuse.
  const { audience } = registered.value
  const reader = expected.keyBinding.binding === 'required' ? expected.keyBinding.audience : undefined
  if (audience !== undefined && !audience.some((name) => name === reader)) {
    const text = 'The credential is meant for others only: "aud" names who.'
    return fail('claims', { reason: 'audience_mismatch', text })
  }
  const missing = expected.requiredClaims?.find((name) => !Object.hasOwn(claims, name))
  if (missing !== undefined) {
    const text = `The credential lacks the claim ${missing}, without which it is not taken here.`
    return fail('claims', { reason: 'claim_missing', text, expected: missing })
  }
  const places = disclosed.map(({ at }) => at)
  if (!Object.hasOwn(claims, 'exp') && mayBeWithheld(payload, places, expected)) {
    const text = 'The credential shows no end, and one may have been withheld.'
    return undetermined('claims', { reason: 'withheld_possible', text, expected: 'exp in the clear' })
  }
  return pass('claims', 'The claims that limit the credential are in order.')
}

/** Times hold when the clocks differ by no more than the skew. */
export function checkValidity(claims: RegisteredClaims, { now, skewSeconds }: Expectations): Check {
  const { issuedAt = now, notBefore = now, expiresAt = Number.POSITIVE_INFINITY } = claims
  if (!(expiresAt > now - skewSeconds)) {
    return fail('validity', {
      reason: 'expired',
      text: 'The credential has expired. Get a new one from its issuer.',
    })
  }
  if (!(notBefore <= now + skewSeconds)) {
    return fail('validity', {
      reason: 'not_yet_valid',
      text: 'The credential is not valid yet. Try again later.',
    })
  }
  if (!(issuedAt <= now + skewSeconds)) {
    const text = "The credential is dated in the future. Check this machine's clock and the issuer's."
    return fail('validity', { reason: 'issued_in_future', text })
  }
  return pass('validity', 'The credential is valid at this time.')
}
