/**
 * The claims that SD-JWT VC gives a meaning to. draft-ietf-oauth-sd-jwt-vc-19 §2.2.2.
 */
import { CredentialError } from '../error.ts'
import { type PublicJwk, readPublicJwk } from '../jose/jwk.ts'
import { findMember, isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../json.ts'
import { readStatusReference, type StatusReference } from '../status-list/reference.ts'

/**
 * Claims that must stay in the clear, with everything inside them: a holder could otherwise withhold
 * what limits the credential (SD-JWT VC §2.2.2.3, RFC 9901 §9.7).
 */
export const protectedClaims: readonly string[] = [
  'iss',
  'aud',
  'nbf',
  'exp',
  'cnf',
  'vct',
  'vct#integrity',
  'aka_vcts',
  'status',
]

/** What is read out of the processed claims. Times are seconds since the epoch. */
export interface RegisteredClaims {
  /** `iss`; absent where a certificate says who issued (§2.2.2.3). */
  readonly issuer?: string | undefined
  /** Absent when the issuer set none, or when the holder withheld it. */
  readonly issuedAt?: number | undefined
  readonly notBefore?: number | undefined
  readonly expiresAt?: number | undefined
  /** Who the credential is meant for; absent when it is for anybody. */
  readonly audience?: readonly string[] | undefined
  /** The key that the credential is bound to; absent when it is bound to none that can be used. */
  readonly holderKey?: PublicJwk | undefined
  /** Absent when the credential cannot be revoked. */
  readonly status?: StatusReference | undefined
}

/**
 * The type of the credential (§2.2.2.1).
 *
 * @throws {CredentialError} `vct_missing`
 */
export function readType(claims: JsonObject): string {
  const vct = findMember(claims, 'vct')
  if (typeof vct === 'string' && vct !== '') return vct
  throw new CredentialError('vct_missing', 'A credential names its type in "vct", as a text')
}

/**
 * Reads the registered claims, each of which must be of its kind.
 *
 * @throws {CredentialError} `claim_malformed`, `status_malformed`, and those of `readPublicJwk`
 */
export function readRegisteredClaims(claims: JsonObject): RegisteredClaims {
  readText(claims, 'sub')
  readText(claims, 'vct#integrity')
  readOtherTypes(claims)
  return {
    issuer: readText(claims, 'iss'),
    issuedAt: readTime(claims, 'iat'),
    notBefore: readTime(claims, 'nbf'),
    expiresAt: readTime(claims, 'exp'),
    audience: readAudience(findMember(claims, 'aud')),
    holderKey: readHolderKey(claims),
    status: readStatusReference(claims),
  }
}

/**
 * The holder's key in `cnf.jwk` (RFC 7800 §3.2), or `undefined`. Keys that `cnf` only refers to
 * (`kid`, `jku`) are not looked up: the reference could be one of its kind, and give the holder away.
 *
 * @throws {CredentialError} `claim_malformed`, `jwk_malformed`, `jwk_private`, `jwk_unsupported`
 */
export function readHolderKey(claims: JsonObject): PublicJwk | undefined {
  const cnf = findMember(claims, 'cnf')
  if (cnf === undefined) return undefined
  if (!isJsonObject(cnf)) throw malformed('"cnf" must be an object')
  return Object.hasOwn(cnf, 'jwk') ? readPublicJwk(findMember(cnf, 'jwk')) : undefined
}

function readText(claims: JsonObject, name: string): string | undefined {
  const value = findMember(claims, name)
  if (value === undefined || (typeof value === 'string' && value !== '')) return value
  throw malformed(`"${name}" must be a text`)
}

function readTime(claims: JsonObject, name: string): number | undefined {
  const value = findMember(claims, name)
  if (value === undefined || typeof value === 'number') return value
  throw malformed(`"${name}" must be a number of seconds`)
}

/** RFC 7519 §4.1.3: one text, or several. */
function readAudience(value: JsonValue | undefined): readonly string[] | undefined {
  if (value === undefined) return undefined
  const audience = typeof value === 'string' ? [value] : value
  if (isTexts(audience)) return audience
  throw malformed('"aud" must be a text or a list of texts')
}

/** §2.2.2.2: checked for its form; no decision here rests on it. */
function readOtherTypes(claims: JsonObject): void {
  const types = findMember(claims, 'aka_vcts')
  if (types === undefined) return
  if (!isTexts(types) || types.length === 0 || types.some((type) => type === findMember(claims, 'vct'))) {
    throw malformed('"aka_vcts" must be a list of other types than "vct", and not empty')
  }
}

function isTexts(value: JsonValue): value is readonly string[] {
  return isJsonArray(value) && value.every((item) => typeof item === 'string')
}

function malformed(why: string): CredentialError {
  return new CredentialError('claim_malformed', `A claim of the credential is of the wrong kind: ${why}`)
}
