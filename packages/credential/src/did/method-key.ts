/** The key of a verification method, whichever form it was published in. */
import { readBase64url } from '../base64url.ts'
import { CredentialError } from '../error.ts'
import { type PublicJwk, readPublicJwk } from '../jose/jwk.ts'
import type { ExpandPoint } from '../jose/ports.ts'
import type { VerificationMethod } from './document.ts'
import { jwkOfMultikey, readMultikey } from './multikey.ts'

/**
 * The key of a method, to verify signatures with. Its point is one of its curve.
 *
 * @throws {CredentialError} those of `readPublicJwk`, `readMultikey` and `jwkOfMultikey`; `jwk_malformed` when the
 * method has no key in a form that is known, or its JWK holds no point of its curve
 */
export function readMethodKey(method: VerificationMethod, expandPoint: ExpandPoint): PublicJwk {
  const { publicKeyJwk, publicKeyMultibase } = method
  if (publicKeyMultibase !== undefined) return jwkOfMultikey(readMultikey(publicKeyMultibase), expandPoint)
  if (publicKeyJwk === undefined) {
    throw new CredentialError('jwk_malformed', 'The verification method holds neither a JWK nor a Multikey')
  }
  const jwk = readPublicJwk(publicKeyJwk)
  if (!isPoint(jwk, expandPoint)) {
    throw new CredentialError('jwk_malformed', 'The JWK of the verification method is no point of its curve')
  }
  return jwk
}

/** What its `x` and the parity of its `y` expand to is the point itself, and nothing where there is none. */
function isPoint(jwk: PublicJwk, expandPoint: ExpandPoint): boolean {
  if (jwk.kty !== 'EC') return true
  const [x, y] = [readBase64url(jwk.x), readBase64url(jwk.y)]
  const compressed = Uint8Array.of(2 + ((y.at(-1) ?? 0) & 1), ...x)
  const found = expandPoint(jwk.crv, compressed)?.subarray(compressed.length)
  return found?.length === y.length && found.every((byte, at) => byte === y[at])
}
