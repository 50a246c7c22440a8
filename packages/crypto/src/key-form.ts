/** What the form of a public key or a signature tells before any curve is asked, and the text that names the key. */
import { readBase64url } from '@facet-id/credential/base64url'
import { algorithmOf, algorithmRules, type JwsAlgorithm, type PublicJwk } from '@facet-id/credential/jose'
import type { EncryptionJwk } from '@facet-id/credential/jwe'
import { maybeEdwardsPoint } from './edwards-form.ts'

const BASE64URL = /^[A-Za-z0-9_-]*$/
/** How 32 bytes end, whose last character holds two bits of nothing: one key has one spelling. */
const ENDS_CANONICALLY = /[AEIMQUYcgkosw048]$/

/** Whether a key is one for the algorithm, as far as its form tells. */
export function fits(jwk: PublicJwk, alg: JwsAlgorithm): boolean {
  const rule = Object.hasOwn(algorithmRules, alg) ? algorithmRules[alg] : undefined
  if (rule === undefined || jwk.kty !== rule.kty || jwk.crv !== rule.crv) return false
  if ((jwk.use ?? 'sig') !== 'sig' || (jwk.alg ?? algorithmOf(jwk)) !== alg) return false
  // Native import would take a coordinate that is shorter or longer.
  if (!isCoordinate(jwk.x, rule.coordinateBytes)) return false
  return jwk.kty === 'OKP'
    ? maybeEdwardsPoint(readBase64url(jwk.x))
    : isCoordinate(jwk.y, rule.coordinateBytes)
}

/** Whether a signature may be one of a key that {@link fits}, as far as its form tells. */
export function signatureFits(signature: Uint8Array, alg: JwsAlgorithm): boolean {
  if (signature.length !== algorithmRules[alg].signatureBytes) return false
  return alg !== 'EdDSA' || maybeEdwardsPoint(signature.subarray(0, 32))
}

/** Whether a key is one to encrypt to, as far as its form tells. */
export function fitsAgreement({ kty, crv, x, y, use, alg }: EncryptionJwk): boolean {
  if (kty !== 'EC' || crv !== 'P-256' || (use ?? 'enc') !== 'enc' || (alg ?? 'ECDH-ES') !== 'ECDH-ES')
    return false
  return isCoordinate(x, 32) && isCoordinate(y, 32)
}

/**
 * Names a key that {@link fits}: the same text for the same key, and for no two keys of whatever curve.
 * What RFC 7638 hashes, unhashed, since a digest would cost more than the import that it saves.
 */
export function keyName(jwk: PublicJwk): string {
  return jwk.kty === 'EC' ? `${jwk.crv}.${jwk.x}.${jwk.y}` : `${jwk.crv}.${jwk.x}`
}

function isCoordinate(text: unknown, bytes: number): text is string {
  if (typeof text !== 'string' || text.length !== Math.ceil((bytes * 4) / 3) || !BASE64URL.test(text))
    return false
  return bytes % 3 === 0 || ENDS_CANONICALLY.test(text)
}
