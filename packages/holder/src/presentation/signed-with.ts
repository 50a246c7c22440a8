/** With which algorithms a credential on the shelf is signed: by its issuer, and by the key it is bound to. */
import { readBase64urlText } from '@facet-id/credential/base64url'
import { algorithmOf, isJwsAlgorithm, readPublicJwk } from '@facet-id/credential/jose'
import { findMember, isJsonObject, type JsonObject, readJsonObject } from '@facet-id/credential/json'
import type { SignedWith } from '@facet-id/protocol/openid4vp/client'
import { HolderError } from '../error.ts'

/**
 * @param jwt the issuer-signed JWT of a copy that was judged before it was kept
 * @param claims of the same copy
 * @throws {HolderError} `credential_unknown` when what is kept is no such copy; {CredentialError} those of
 * `readPublicJwk` and `readJsonObject`
 */
export function signedWith(jwt: string, claims: JsonObject): SignedWith {
  const [header = ''] = jwt.split('.', 1)
  const issuer = findMember(readJsonObject(readBase64urlText(header)), 'alg')
  const cnf = findMember(claims, 'cnf')
  if (!isJwsAlgorithm(issuer) || !isJsonObject(cnf)) {
    throw new HolderError('credential_unknown', 'A kept copy is not signed, or not bound to a key')
  }
  return { issuer, holder: algorithmOf(readPublicJwk(findMember(cnf, 'jwk'))) }
}
