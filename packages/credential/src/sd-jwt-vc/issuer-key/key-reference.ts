/**
 * Which key an issuer-signed JWT names, as header and `iss` say it. draft-ietf-oauth-sd-jwt-vc-19 §2.5.
 */
import { absoluteDidUrl, readDid, readDidUrl } from '../../did/syntax.ts'
import { CredentialError } from '../../error.ts'
import type { Jws } from '../../jose/jws.ts'
import { readIssuerUrl } from './issuer-url.ts'
import type { IssuerKeyPolicy, KeyReference } from './mechanism.ts'

/**
 * Reads the reference. One form of header and `iss` belongs to one mechanism, so none is ever tried
 * after another.
 *
 * @param issuer the credential's `iss`; absent only beside a chain of certificates (§2.2.2.3)
 * @throws {CredentialError} `did_malformed` for a DID without a `kid` that is a key of it;
 *   `issuer_malformed` for an issuer that is neither a DID nor an address
 */
export function readKeyReference(
  { header }: Pick<Jws, 'header'>,
  issuer: string | undefined,
  { scheme }: Pick<IssuerKeyPolicy, 'scheme'>,
): KeyReference {
  const { kid, x5c, alg } = header
  if (x5c !== undefined) return { by: 'x5c', chain: x5c, ...(issuer === undefined ? {} : { issuer }) }
  if (issuer === undefined) {
    throw new CredentialError(
      'issuer_malformed',
      'A credential without certificates names its issuer in "iss"',
    )
  }
  if (!/^https?:/.test(issuer)) return { by: 'did', issuer, kid: readIssuerKeyId(issuer, kid ?? '') }
  readIssuerUrl(issuer, scheme)
  return { by: 'jwt_vc_issuer', issuer, alg, ...(kid === undefined ? {} : { kid }) }
}

/**
 * The DID URL of the issuer's key, in full: `iss` is a DID and the header's `kid` a DID URL of that DID,
 * with a fragment.
 *
 * @throws {CredentialError} `did_malformed`
 */
export function readIssuerKeyId(issuer: string, kid: string): string {
  const { did } = readDid(issuer)
  const url = absoluteDidUrl(kid, did)
  const { did: owner, path, query, fragment } = readDidUrl(url)
  if (owner !== did || path !== undefined || query !== undefined || fragment === undefined) {
    throw new CredentialError(
      'did_malformed',
      '"kid" must name a key of the issuer: its DID, # and a fragment',
    )
  }
  return url
}
