/** The key of a verification method, whichever form it was published in. */
import { CredentialError } from '../error.ts'
import { type PublicJwk, readPublicJwk } from '../jose/jwk.ts'
import type { ExpandPoint } from '../jose/ports.ts'
import type { VerificationMethod } from './document.ts'
import { jwkOfMultikey, readMultikey } from './multikey.ts'

/**
 * The key of a method, to verify signatures with.
 *
 * @throws {CredentialError} those of `readPublicJwk`, `readMultikey` and `jwkOfMultikey`; `jwk_malformed` when the
 * method has no key in a form that is known
 */
export function readMethodKey(method: VerificationMethod, expandPoint: ExpandPoint): PublicJwk {
  const { publicKeyJwk, publicKeyMultibase } = method
  if (publicKeyMultibase !== undefined) return jwkOfMultikey(readMultikey(publicKeyMultibase), expandPoint)
  if (publicKeyJwk === undefined) {
    throw new CredentialError('jwk_malformed', 'The verification method holds neither a JWK nor a Multikey')
  }
  return readPublicJwk(publicKeyJwk)
}
