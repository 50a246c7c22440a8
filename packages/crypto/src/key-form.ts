/** What the form of a public key tells before any curve is asked, and the text that names the key. */
import { readBase64url, writeBase64url } from '@facet-id/credential/base64url'
import { algorithmOf, algorithmRules, type JwsAlgorithm, type PublicJwk } from '@facet-id/credential/jose'
import type { EncryptionJwk } from '@facet-id/credential/jwe'

const BASE64URL = /^[A-Za-z0-9_-]*$/
/** How 32 bytes end, whose last character holds two bits of nothing: one key has one spelling. */
const ENDS_CANONICALLY = /[AEIMQUYcgkosw048]$/

/**
 * Points of Ed25519 of small order, without their sign: for such a key there are signatures that hold for any
 * text. No honest key is one (RFC 8032 makes none), and implementations differ in whether they take them.
 */
const smallOrderPoints: ReadonlySet<string> = new Set([
  'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  'AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  'JuiVj8KyJ7BFw_SJ8u-Y8NXfrAXTxjM5sTgCiG1T_AU',
  'xxdqcD1N2E-6PAt2DRBnDyogU_osOczGTsf9d5KsA3o',
  '7P_______________________________________38',
  '7f_______________________________________38',
  '7v_______________________________________38',
])

/** Whether a key is one for the algorithm, as far as its form tells. */
export function fits(jwk: PublicJwk, alg: JwsAlgorithm): boolean {
  const rule = Object.hasOwn(algorithmRules, alg) ? algorithmRules[alg] : undefined
  if (rule === undefined || jwk.kty !== rule.kty || jwk.crv !== rule.crv) return false
  if ((jwk.use ?? 'sig') !== 'sig' || (jwk.alg ?? algorithmOf(jwk)) !== alg) return false
  // Native import would take a coordinate that is shorter or longer.
  if (!isCoordinate(jwk.x, rule.coordinateBytes)) return false
  return jwk.kty === 'OKP' ? !isOfSmallOrder(jwk.x) : isCoordinate(jwk.y, rule.coordinateBytes)
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

function isOfSmallOrder(x: string): boolean {
  const point = readBase64url(x)
  point[31] = (point[31] ?? 0) & 0x7f
  return smallOrderPoints.has(writeBase64url(point))
}
