/**
 * The issuer-signed JWT of an SD-JWT VC: what an issuer signs. draft-ietf-oauth-sd-jwt-vc-19 §2.2.
 */
import { absoluteDidUrl, readDid, readDidUrl } from '../did/syntax.ts'
import { CredentialError } from '../error.ts'
import type { JwsAlgorithm } from '../jose/algorithm.ts'
import { type Jws, readJws, writeSigningInput } from '../jose/jws.ts'
import type { JsonObject } from '../json.ts'
import { sdJwtLimits } from '../sd-jwt/compact.ts'
import { type Concealing, conceal } from '../sd-jwt/conceal.ts'
import type { DisclosureFrame } from '../sd-jwt/disclosure-frame.ts'
import { protectedClaims, readRegisteredClaims, readType } from './claims.ts'

/** Header `typ` (§2.2.1), also the name of the format in OpenID4VCI and OpenID4VP. */
export const sdJwtVcTyp = 'dc+sd-jwt'
/** §2.1. */
export const sdJwtVcMediaType = 'application/dc+sd-jwt'

/** A credential before it is signed. */
export interface UnsignedCredential {
  /** In the clear, registered ones included: `iss` (a DID) and `vct` at the least. */
  readonly claims: JsonObject
  readonly frame: DisclosureFrame
  /** DID URL of the issuer's key; it belongs to `iss`. */
  readonly kid: string
  readonly alg: JwsAlgorithm
}

export interface CredentialToSign {
  /** The issuer signs its ASCII bytes; `writeJws` and `writeSdJwt` then make the credential. */
  readonly signingInput: string
  /** All of them, for the holder. */
  readonly disclosures: readonly string[]
}

/**
 * Conceals the claims and writes the text to sign. Refuses what a careful reader would refuse, so
 * that no such credential is ever signed. When the frame conceals nothing, decoys are left out too
 * (§2.2.2.5).
 *
 * @throws {CredentialError} `frame_protected_claim`, `vct_missing`, `claim_malformed`,
 *   `status_malformed`, `did_malformed`, and those of `conceal` and `readPublicJwk`
 */
export function writeCredentialToSign(credential: UnsignedCredential, tools: Concealing): CredentialToSign {
  const { claims, frame, kid, alg } = credential
  readType(claims)
  const { issuer } = readRegisteredClaims(claims)
  readIssuerKeyId(issuer, kid)
  refuseProtected(frame)
  const { payload, disclosures } = conceal(claims, frame, tools)
  const signed = disclosures.length > 0 ? payload : claims
  return { signingInput: writeSigningInput({ alg, typ: sdJwtVcTyp, kid }, signed), disclosures }
}

/**
 * Reads the issuer-signed JWT: its type, its algorithm and its form, not its signature.
 *
 * @throws {CredentialError} those of `readJws`
 */
export function readIssuerSignedJwt(jwt: string, algs: readonly JwsAlgorithm[]): Jws {
  return readJws(jwt, { typ: sdJwtVcTyp, algs, maxBytes: sdJwtLimits.characters })
}

/**
 * The DID URL of the issuer's key, in full: `iss` is a DID and the header's `kid` a DID URL of that
 * DID. It is the one mechanism this release takes; a credential that names its key in another way is
 * refused, so nobody can choose a weaker mechanism for an issuer (§2.5, §7.3).
 *
 * @throws {CredentialError} `did_malformed` when the issuer is no DID, or `kid` no DID URL with a
 *   fragment that belongs to the issuer
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

/** §2.2.2.3: neither such a claim nor anything inside it may be disclosed selectively. */
function refuseProtected(frame: DisclosureFrame): void {
  const named = [...(frame._sd ?? []), ...Object.keys(frame)]
  const wrong = protectedClaims.find((name) => named.includes(name))
  if (wrong !== undefined) {
    throw new CredentialError('frame_protected_claim', `The claim ${wrong} must stay in the clear, all of it`)
  }
}
