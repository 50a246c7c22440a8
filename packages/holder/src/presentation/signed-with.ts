/** With which algorithms a credential on the shelf is signed: by its issuer, and by the key it is bound to. */
import { readBase64urlText } from '@facet-id/credential/base64url'
import { algorithmOf, isJwsAlgorithm, readPublicJwk } from '@facet-id/credential/jose'
import { findMember, isJsonObject, type JsonObject, readJsonObject } from '@facet-id/credential/json'
import type { SignedWith } from '@facet-id/protocol/openid4vp/client'
import { HolderError } from '../error.ts'

/** {@link SignedWith} of what is held; `holder` is absent for a credential that is bound to no key. */
export type HeldSignedWith = Pick<SignedWith, 'issuer'> & Partial<SignedWith>

/**
 * @param jwt the issuer-signed JWT of a copy that was judged before it was kept
 * @param claims of the same copy
 * @throws {HolderError} `credential_unknown` when what is kept is no such copy; {CredentialError} those of
 * `readPublicJwk` and `readJsonObject`
 */
export function signedWith(jwt: string, claims: JsonObject): HeldSignedWith {
  const issuer = findMember(headerOf(jwt), 'alg')
  if (!isJwsAlgorithm(issuer)) throw new HolderError('credential_unknown', 'A kept copy is not signed')
  const cnf = findMember(claims, 'cnf')
  return isJsonObject(cnf)
    ? { issuer, holder: algorithmOf(readPublicJwk(findMember(cnf, 'jwk'))) }
    : { issuer }
}

/** The header of the issuer-signed JWT of a copy. */
export function headerOf(jwt: string): JsonObject {
  const [header = ''] = jwt.split('.', 1)
  return readJsonObject(readBase64urlText(header))
}
