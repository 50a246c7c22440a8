/**
 * The issuer-signed JWT of an SD-JWT VC: what an issuer signs. draft-ietf-oauth-sd-jwt-vc-19 §2.2.
 */
import { CredentialError } from '../error.ts'
import { algorithmRules, type JwsAlgorithm } from '../jose/algorithm.ts'
import { type Jws, maxHeaderLength, readJws, writeSigningInput } from '../jose/jws.ts'
import { readX5c, writeX5c } from '../jose/x5c.ts'
import type { JsonObject } from '../json.ts'
import { sdJwtLimits, tooLarge } from '../sd-jwt/compact.ts'
import { type Concealing, concealKeeping } from '../sd-jwt/conceal.ts'
import type { DisclosureFrame } from '../sd-jwt/disclosure-frame.ts'
import { protectedClaims, type RegisteredClaims, readRegisteredClaims, readType } from './claims.ts'
import { readIssuerUrl } from './issuer-key/issuer-url.ts'
import { readIssuerKeyId } from './issuer-key/key-reference.ts'
import type { IssuerKeyPolicy } from './issuer-key/mechanism.ts'
import { asOpened } from './type-metadata/as-issued.ts'
import { checkClaimRules } from './type-metadata/claim-rules.ts'
import type { CredentialType } from './type-metadata/credential-type.ts'

/** What is left for the key binding JWT of a holder, in characters: several times what one has. */
const KEY_BINDING_LENGTH = 4096

/** Header `typ` (§2.2.1), also the name of the format in OpenID4VCI and OpenID4VP. */
export const sdJwtVcTyp = 'dc+sd-jwt'
/** §2.1. */
export const sdJwtVcMediaType = 'application/dc+sd-jwt'

/** A credential before it is signed. */
export interface UnsignedCredential {
  /** In the clear, registered ones included: `vct` at the least, and `iss` where the key asks for it. */
  readonly claims: JsonObject
  readonly frame: DisclosureFrame
  readonly issuerKey: IssuerKey
  readonly alg: JwsAlgorithm
  /** Its type, whose rules it must keep; absent: there are none. */
  readonly type?: CredentialType
}

/** How a credential names the key that it is signed with (§2.5). */
export type IssuerKey =
  /** `iss` is a DID, and `kid` a DID URL of it. */
  | { readonly by: 'did'; readonly kid: string }
  /** DER certificates, the issuer's own first, the anchor left out. `iss` may be absent. */
  | { readonly by: 'x5c'; readonly chain: readonly Uint8Array[] }
  /** `iss` is an https URL, and `kid` a key in the metadata that is published there. */
  | { readonly by: 'jwt_vc_issuer'; readonly kid: string; readonly scheme?: IssuerKeyPolicy['scheme'] }

export interface CredentialToSign {
  /** The issuer signs its ASCII bytes; `writeJws` and `writeSdJwt` then make the credential. */
  readonly signingInput: string
  /** All of them, for the holder. */
  readonly disclosures: readonly string[]
}

/**
 * Conceals the claims and writes the text to sign. Refuses what a careful reader would refuse, so
 * that no such credential is ever signed: it fits what readers take, with the key binding that is to come,
 * and it does not end before it begins. The time of day is not known here. When the frame conceals nothing, decoys are left out too
 * (§2.2.2.5).
 *
 * @throws {CredentialError} `frame_protected_claim`, `vct_missing`, `claim_malformed`,
 *   `status_malformed`, `sd_jwt_too_large`, `jws_too_large`, `type_rule_broken`, `claims_path_type_mismatch`, `did_malformed`, `issuer_malformed`, and those of `conceal` and `readPublicJwk`
 */
export function writeCredentialToSign(credential: UnsignedCredential, tools: Concealing): CredentialToSign {
  const { claims, frame, issuerKey, alg } = credential
  readType(claims)
  const registered = readRegisteredClaims(claims)
  checkTimes(registered)
  const naming = writeKeyNames(issuerKey, registered.issuer)
  refuseProtected(frame)
  const { payload, disclosures, findDisclosure } = concealKeeping(claims, frame, tools)
  if (credential.type !== undefined) {
    checkOwnType(credential.type, claims)
    checkClaimRules(credential.type, asOpened(payload, findDisclosure), 'all')
  }
  const signed = disclosures.length > 0 ? payload : claims
  const toSign = { signingInput: writeSigningInput({ alg, typ: sdJwtVcTyp, ...naming }, signed), disclosures }
  checkSize(toSign, alg)
  return toSign
}

/**
 * Reads the issuer-signed JWT: its type, its algorithm and its form, not its signature.
 *
 * @param x5c whether it may carry certificates; forbidden when absent
 * @throws {CredentialError} those of `readJws`
 */
export function readIssuerSignedJwt(
  jwt: string,
  algs: readonly JwsAlgorithm[],
  x5c: 'allowed' | 'forbidden' = 'forbidden',
): Jws {
  return readJws(jwt, { typ: sdJwtVcTyp, algs, maxBytes: sdJwtLimits.characters, x5c })
}

/** A credential that is never valid would be found out only by who is shown it. */
function checkTimes({ issuedAt, notBefore, expiresAt }: RegisteredClaims): void {
  if (expiresAt === undefined) return
  if (
    (issuedAt ?? Number.NEGATIVE_INFINITY) >= expiresAt ||
    (notBefore ?? Number.NEGATIVE_INFINITY) >= expiresAt
  ) {
    throw new CredentialError('claim_malformed', 'A credential ends ("exp") after it is issued and valid')
  }
}

/** With all its disclosures and a key binding JWT, readers take it. */
function checkSize({ signingInput, disclosures }: CredentialToSign, alg: JwsAlgorithm): void {
  if (signingInput.indexOf('.') > maxHeaderLength) {
    throw new CredentialError('jws_too_large', 'The header of the credential is longer than readers take')
  }
  const signature = 1 + Math.ceil((algorithmRules[alg].signatureBytes * 4) / 3)
  let length = signingInput.length + signature + 1 + KEY_BINDING_LENGTH
  for (const disclosure of disclosures) length += disclosure.length + 1
  if (length > sdJwtLimits.characters) throw tooLarge()
}

function checkOwnType({ vct }: CredentialType, claims: JsonObject): void {
  if (vct === readType(claims)) return
  throw new CredentialError('type_rule_broken', 'The rules are those of another type than the credential has')
}

/** What the header says of the key. Refuses an `iss` that nobody could find that key for. */
function writeKeyNames(key: IssuerKey, issuer: string | undefined): JsonObject {
  if (key.by === 'x5c') {
    const x5c = writeX5c(key.chain)
    readX5c(x5c)
    return { x5c }
  }
  if (issuer === undefined) {
    throw new CredentialError(
      'issuer_malformed',
      'A credential without certificates names its issuer in "iss"',
    )
  }
  if (key.by === 'did') readIssuerKeyId(issuer, key.kid)
  else readIssuerUrl(issuer, key.scheme)
  if (key.kid === '') throw new CredentialError('issuer_malformed', 'A key of an issuer has a name')
  return { kid: key.kid }
}

/** §2.2.2.3: neither such a claim nor anything inside it may be disclosed selectively. */
function refuseProtected(frame: DisclosureFrame): void {
  const named = [...(frame._sd ?? []), ...Object.keys(frame)]
  const wrong = protectedClaims.find((name) => named.includes(name))
  if (wrong !== undefined) {
    throw new CredentialError('frame_protected_claim', `The claim ${wrong} must stay in the clear, all of it`)
  }
}
