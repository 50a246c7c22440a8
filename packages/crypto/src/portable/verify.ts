/** Checks signatures (RFC 7518 §3.4, RFC 8037 §3.1) in plain JavaScript: some milliseconds each. */
import { readBase64url, utf8 } from '@facet-id/credential/base64url'
import type { PublicJwk, SignatureCheck, Verdict } from '@facet-id/credential/jose'
import { fits, signatureFits } from '../key-form.ts'
import { verdictOfEd25519 } from '../noble/ed25519.ts'
import { curves, JOSE_ECDSA, pointOf } from './curve.ts'

/** One verdict a check, in order; never throws for a bad signature or key. Fits the port `CheckSignatures`. */
export function checkSignatures(checks: readonly SignatureCheck[]): readonly Verdict[] {
  return checks.map(verdictOf)
}

function verdictOf({ alg, key, data, signature }: SignatureCheck): Verdict {
  const point = fits(key, alg) ? findPoint(key) : undefined
  if (point === undefined) return 'key_unusable'
  if (!signatureFits(signature, alg)) return 'invalid'
  const bytes = typeof data === 'string' ? utf8(data) : data
  if (key.kty === 'OKP') return verdictOfEd25519(point, bytes, signature)
  return curves[key.crv].verify(signature, bytes, point, JOSE_ECDSA) ? 'valid' : 'invalid'
}

function findPoint(key: PublicJwk): Uint8Array | undefined {
  try {
    return key.kty === 'EC' ? pointOf(key) : readBase64url(key.x)
  } catch {
    return undefined
  }
}
