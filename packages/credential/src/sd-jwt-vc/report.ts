/**
 * The report on one credential: every check by its code, always all of them and in this order, with
 * a text that may be shown to anybody. It holds nothing of the person the credential is about, save
 * in `credential`, which is there only when everything held.
 */
import type { CredentialErrorCode } from '../error.ts'
import type { JsonObject } from '../json.ts'
import type { ClaimPlace } from '../sd-jwt/claims-path.ts'
import type { RegisteredClaims } from './claims.ts'
import type { KeyMechanism } from './issuer-key/mechanism.ts'
import type { CredentialType } from './type-metadata/credential-type.ts'

export const checkCodes = [
  /** The text is an SD-JWT VC, with key binding where that is asked for. */
  'format',
  /** The key that signed belongs to the issuer. */
  'issuer_key',
  'issuer_signature',
  /** Every disclosure has its place. */
  'disclosures',
  /** `vct` is a type that was asked for. */
  'type',
  /** Registered claims are of their kind, and none that limits the credential came in a disclosure. */
  'claims',
  /** Within `nbf` and `exp`, and not issued in the future. */
  'validity',
  /** The key binding JWT is signed by the key the credential is bound to. */
  'holder_signature',
  'nonce',
  'audience',
  /** The key binding JWT is fresh. */
  'key_binding_time',
  /** The key binding JWT covers these disclosures and no others. */
  'presentation_hash',
  /** The issuer may issue that type. */
  'trust',
  /** The credential keeps the rules of its type, as the document about the type has them. */
  'type_metadata',
  /** The issuer has neither revoked nor suspended the credential. */
  'status',
] as const

export type CheckCode = (typeof checkCodes)[number]

/**
 * `skipped`: not looked at, because it was not asked for or another check did not pass.
 * `undetermined`: it could not be found out; the credential does not count as verified.
 */
export type CheckOutcome = 'pass' | 'fail' | 'skipped' | 'undetermined'

/** Why a check did not pass; stable, to be matched. */
export type CheckReason =
  | CredentialErrorCode
  | 'audience_mismatch'
  | 'claim_missing'
  | 'expired'
  | 'holder_key_missing'
  | 'issued_in_future'
  | 'issuer_key_of_other'
  | 'issuer_key_refused'
  | 'issuer_key_undetermined'
  | 'issuer_missing'
  | 'key_binding_in_future'
  | 'key_binding_missing'
  | 'key_binding_too_old'
  | 'key_binding_unexpected'
  | 'key_id_missing'
  | 'key_unusable'
  | 'mechanism_not_taken'
  | 'nonce_mismatch'
  | 'not_trusted'
  | 'not_yet_valid'
  | 'presentation_hash_mismatch'
  | 'revoked'
  | 'signature_invalid'
  | 'status_list_expired'
  | 'status_missing'
  | 'status_refused'
  | 'status_undetermined'
  | 'status_unknown'
  | 'suspended'
  | 'trust_undetermined'
  | 'type_metadata_refused'
  | 'type_metadata_undetermined'
  | 'type_not_expected'
  | 'withheld_possible'

export interface Check {
  readonly code: CheckCode
  readonly outcome: CheckOutcome
  /** What was found and, if it did not pass, what to do. Safe to show: no user data. */
  readonly text: string
  /** There when the check failed or was undetermined. */
  readonly reason?: CheckReason
  /** What would have passed, where that helps. Safe to show. */
  readonly expected?: string
}

/** Who issued a credential, as proven with the key. */
export interface ProvenIssuer {
  /** A DID, an address, or what a certificate stands for; not always what `iss` says. */
  readonly issuer: string
  readonly issuerKnownBy: KeyMechanism
}

/** A credential that passed every required check. Times are seconds since the epoch. */
export interface VerifiedCredential extends Omit<RegisteredClaims, 'issuer'>, ProvenIssuer {
  readonly vct: string
  /** The processed claims, registered ones included. */
  readonly claims: JsonObject
  /** Where the claims stand that came out of disclosures, in the order of the disclosures. */
  readonly disclosed: readonly ClaimPlace[]
  /** How many digests stand for nothing that was shown: decoys, or claims that were held back. */
  readonly undisclosed: number
  /** What the document about its type says; absent when none was looked at. */
  readonly type?: CredentialType
}

export interface Report {
  /** Whether every required check passed. */
  readonly verified: boolean
  /** One for each code, in the order of {@link checkCodes}. */
  readonly checks: readonly Check[]
  /** Absent unless `verified`. */
  readonly credential?: VerifiedCredential
}

/**
 * Draws the report up. It says `verified` only if every check passed that is not named in `waived`:
 * what was never looked at has not passed.
 */
export function writeReport(
  findings: readonly Check[],
  waived: ReadonlySet<CheckCode>,
  credential: VerifiedCredential | undefined,
): Report {
  const checks = checkCodes.map((code) => findings.find((check) => check.code === code) ?? notReached(code))
  const verified = checks.every(
    ({ code, outcome }) => outcome === 'pass' || (outcome === 'skipped' && waived.has(code)),
  )
  return { verified, checks, ...(verified && credential !== undefined ? { credential } : {}) }
}

function notReached(code: CheckCode): Check {
  return { code, outcome: 'skipped', text: 'Not looked at, because another check did not pass.' }
}
