/**
 * Whether the key binding JWT answers this request: nonce, audience, time, and what it covers.
 * RFC 9901 §4.3, §7.3 step 5. Each is judged by itself, so a report names all that is wrong.
 */
import type { Hash } from '../jose/ports.ts'
import { findMember, type JsonValue } from '../json.ts'
import { readHashAlgorithm } from '../sd-jwt/hash-algorithm.ts'
import { attempt, fail, pass, skip } from './finding.ts'
import type { Presentation, PresentedKeyBinding } from './presentation.ts'
import type { Expectations } from './question.ts'
import type { Check } from './report.ts'

export function checkNonce({ jws, policy }: PresentedKeyBinding): Check {
  const nonce = findMember(jws.payload, 'nonce')
  if (typeof nonce !== 'string') return malformed('nonce', '"nonce" must be a text')
  if (nonce === policy.nonce) return pass('nonce', 'The presentation answers this request.')
  const text = 'The presentation answers another request. It may be a replay; make a new request.'
  return fail('nonce', { reason: 'nonce_mismatch', text, expected: 'the nonce of this request' })
}

/** §4.3: `aud` is one text; a list of several verifiers is refused. */
export function checkAudience({ jws, policy }: PresentedKeyBinding): Check {
  const audience = findMember(jws.payload, 'aud')
  if (typeof audience !== 'string') return malformed('audience', '"aud" must be one text')
  if (audience === policy.audience) return pass('audience', 'The presentation was made for this verifier.')
  const text = 'The presentation was made for another verifier.'
  return fail('audience', { reason: 'audience_mismatch', text, expected: policy.audience })
}

/** Also `exp` and `nbf`, which need not be there (RFC 7519 §4.1). */
export function checkKeyBindingTime({ jws, policy }: PresentedKeyBinding, expected: Expectations): Check {
  const issuedAt = findMember(jws.payload, 'iat')
  const expiresAt = findMember(jws.payload, 'exp')
  const notBefore = findMember(jws.payload, 'nbf')
  if (typeof issuedAt !== 'number' || !isTimeOrAbsent(expiresAt) || !isTimeOrAbsent(notBefore)) {
    return malformed('key_binding_time', '"iat" must be a number of seconds, "exp" and "nbf" too if present')
  }
  const { now, skewSeconds } = expected
  if (!(Math.max(issuedAt, notBefore ?? issuedAt) <= now + skewSeconds)) {
    return fail('key_binding_time', {
      reason: 'key_binding_in_future',
      text: "The presentation is dated in the future. Set the clock of the holder's device.",
      expected: `at most ${skewSeconds} s ahead`,
    })
  }
  const until = Math.min(issuedAt + policy.maxAgeSeconds, expiresAt ?? Number.POSITIVE_INFINITY)
  if (!(until > now - skewSeconds)) {
    return fail('key_binding_time', {
      reason: 'key_binding_too_old',
      text: 'The presentation was made too long ago. Ask for a new one.',
      expected: `at most ${policy.maxAgeSeconds} s old`,
    })
  }
  return pass('key_binding_time', 'The presentation is fresh.')
}

/** §4.3.1: over the text as received, its last tilde included, by the hash that the SD-JWT names. */
export function checkPresentationHash(
  presentation: Presentation,
  binding: PresentedKeyBinding,
  hash: Hash,
): Check {
  const sdAlg = attempt(() => readHashAlgorithm(presentation.issuerSigned.payload))
  if (!sdAlg.ok)
    return skip('presentation_hash', 'Not looked at, because the credential names no usable hash.')
  const covered = findMember(binding.jws.payload, 'sd_hash')
  if (typeof covered !== 'string') return malformed('presentation_hash', '"sd_hash" must be a text')
  if (covered === hash(sdAlg.value, binding.sdJwt)) {
    return pass('presentation_hash', 'The holder has agreed to show exactly these claims.')
  }
  const text = 'The claims shown are not those that the holder agreed to show.'
  return fail('presentation_hash', { reason: 'presentation_hash_mismatch', text })
}

function isTimeOrAbsent(value: JsonValue | undefined): value is number | undefined {
  return value === undefined || typeof value === 'number'
}

function malformed(code: Check['code'], why: string): Check {
  return fail(code, { reason: 'key_binding_malformed', text: `The key binding JWT cannot be read: ${why}.` })
}
