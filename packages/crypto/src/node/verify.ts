/**
 * Checks signatures (RFC 7518 §3.4, RFC 8037 §3.1) at native speed, on the calling thread.
 *
 * High `s` is as good as low `s`: JOSE knows no canonical one, and refusing it would refuse half of
 * all honest signatures.
 */
import { type KeyObject, verify } from 'node:crypto'
import { algorithmRules, type PublicJwk, type SignatureCheck, type Verdict } from '@facet-id/credential/jose'
import { createKeyCache } from '../key-cache.ts'
import { fits, keyName, signatureFits } from '../key-form.ts'
import { derOf } from '../p1363.ts'
import { nodeHashNames } from './hash.ts'
import { importPublicKey } from './key.ts'

/** A key object takes some kilobytes. Holders' keys pass through once; those of issuers stay. */
const KEPT_KEYS = 1024

const keys = createKeyCache<KeyObject>(KEPT_KEYS)

/** One verdict a check, in order; never throws for a bad signature or key. Fits the port `CheckSignatures`. */
export function checkSignatures(checks: readonly SignatureCheck[]): readonly Verdict[] {
  return checks.map(verdictOf)
}

function verdictOf({ alg, key, data, signature }: SignatureCheck): Verdict {
  const imported = fits(key, alg) ? importKept(key) : undefined
  if (imported === undefined) return 'key_unusable'
  if (!signatureFits(signature, alg)) return 'invalid'
  const { hash } = algorithmRules[alg]
  // UTF-8 and not ASCII: an ASCII encoder would fold other characters onto those that were signed.
  const bytes = typeof data === 'string' ? Buffer.from(data, 'utf8') : data
  const holds =
    hash === undefined
      ? verify(null, bytes, imported, signature)
      : verify(nodeHashNames[hash], bytes, imported, derOf(signature))
  return holds ? 'valid' : 'invalid'
}

/** The point is checked to lie on the curve at import; a failed import is not kept. */
function importKept(key: PublicJwk): KeyObject | undefined {
  try {
    return keys.get(keyName(key), () => importPublicKey(key))
  } catch {
    return undefined
  }
}
