/**
 * Checks ES256 signatures (RFC 7518 §3.4) at native speed, on the calling thread.
 *
 * High `s` is as good as low `s`: JOSE knows no canonical one, and refusing it would refuse half of
 * all honest signatures.
 */
import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import type { PublicJwk, SignatureCheck, Verdict } from '@facet-id/credential/jose'
import { createKeyCache } from './key-cache.ts'
import { derOf, P1363_BYTES } from './p1363.ts'

/** A key object takes some kilobytes. Holders' keys pass through once; those of issuers stay. */
const KEPT_KEYS = 1024

/** 32 bytes in base64url, which is what `x` and `y` must be: native import would take less, or more. */
const COORDINATE = /^[A-Za-z0-9_-]{43}$/

const keys = createKeyCache<KeyObject>(KEPT_KEYS)

/** One verdict a check, in order; never throws for a bad signature or key. Fits the port `CheckSignatures`. */
export function checkSignatures(checks: readonly SignatureCheck[]): readonly Verdict[] {
  return checks.map(verdictOf)
}

function verdictOf({ alg, key, data, signature }: SignatureCheck): Verdict {
  if (alg !== 'ES256') return 'key_unusable'
  const imported = importKey(key)
  if (imported === undefined) return 'key_unusable'
  if (signature.length !== P1363_BYTES) return 'invalid'
  // UTF-8 and not ASCII: an ASCII encoder would fold other characters onto those that were signed.
  return verify('sha256', Buffer.from(data, 'utf8'), imported, derOf(signature)) ? 'valid' : 'invalid'
}

/** The point is checked to lie on the curve at import; a failed import is not kept. */
function importKey({ kty, crv, x, y, use, alg }: PublicJwk): KeyObject | undefined {
  if (kty !== 'EC' || crv !== 'P-256' || !COORDINATE.test(x) || !COORDINATE.test(y)) return undefined
  if ((use ?? 'sig') !== 'sig' || (alg ?? 'ES256') !== 'ES256') return undefined
  try {
    return keys.get(`${x}.${y}`, () => createPublicKey({ key: { kty, crv, x, y }, format: 'jwk' }))
  } catch {
    return undefined
  }
}
