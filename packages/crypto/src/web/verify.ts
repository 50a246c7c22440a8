/** Checks signatures (RFC 7518 §3.4, RFC 8037 §3.1) by WebCrypto, all of a list at once. */
import { readBase64url, utf8 } from '@facet-id/credential/base64url'
import type { JwsAlgorithm, PublicJwk, SignatureCheck, Verdict } from '@facet-id/credential/jose'
import { createKeyCache } from '../key-cache.ts'
import { fits, keyName, signatureFits } from '../key-form.ts'
import { keyAlgorithmOf, signatureAlgorithmOf, type WebKey } from './web-key.ts'

/** A wallet meets few issuers and verifiers. */
const KEPT_KEYS = 128

/** A key as imported; what cannot be is kept too, and is as cheap to refuse again. */
type Imported = WebKey | 'key_unusable' | 'algorithm_unsupported'

const keys = createKeyCache<Promise<Imported>>(KEPT_KEYS)

/** One verdict a check, in order; never rejects for a bad signature or key. Fits the port `CheckSignatures`. */
export function checkSignatures(checks: readonly SignatureCheck[]): Promise<readonly Verdict[]> {
  return Promise.all(checks.map(verdictOf))
}

async function verdictOf({ alg, key, data, signature }: SignatureCheck): Promise<Verdict> {
  if (!fits(key, alg)) return 'key_unusable'
  const imported = await keys.get(keyName(key), () => importKey(key, alg))
  if (imported === 'key_unusable') return key.kty === 'OKP' ? 'invalid' : imported
  if (!signatureFits(signature, alg)) return 'invalid'
  const bytes = typeof data === 'string' ? utf8(data) : data
  if (imported === 'algorithm_unsupported') return verdictWithout(key, bytes, signature)
  const holds = await crypto.subtle.verify(signatureAlgorithmOf(alg), imported, signature, bytes)
  return holds ? 'valid' : 'invalid'
}

/**
 * A point of a NIST curve is checked to lie on it at import. Whether one of Ed25519 does, most find out with
 * the signature: so it is the signature that is invalid, wherever it is found out.
 */
async function importKey(key: PublicJwk, alg: JwsAlgorithm): Promise<Imported> {
  const { kty, crv, x } = key
  const jwk = key.kty === 'EC' ? { kty, crv, x, y: key.y } : { kty, crv, x }
  try {
    return await crypto.subtle.importKey('jwk', jwk, keyAlgorithmOf(alg), false, ['verify'])
  } catch (error) {
    const isLacking = error instanceof Error && error.name === 'NotSupportedError'
    return isLacking ? 'algorithm_unsupported' : 'key_unusable'
  }
}

/**
 * Browsers before 2025 have no Ed25519: plain JavaScript takes its place, and is fetched only then. No browser
 * lacks the NIST curves.
 */
async function verdictWithout(key: PublicJwk, data: Uint8Array, signature: Uint8Array): Promise<Verdict> {
  if (key.kty !== 'OKP') return 'key_unusable'
  const { verdictOfEd25519 } = await import('../noble/ed25519.ts')
  return verdictOfEd25519(readBase64url(key.x), data, signature)
}
