/** Ed25519 verification in plain JavaScript, by the strict rules of RFC 8032 §5.1.7. */

import type { Verdict } from '@facet-id/credential/jose'
import { ed25519 } from '@noble/curves/ed25519.js'

/** @param point 32 bytes; a signature of 64 */
export function verdictOfEd25519(point: Uint8Array, data: Uint8Array, signature: Uint8Array): Verdict {
  if (!ed25519.utils.isValidPublicKey(point, false)) return 'key_unusable'
  return ed25519.verify(signature, data, point, { zip215: false }) ? 'valid' : 'invalid'
}
