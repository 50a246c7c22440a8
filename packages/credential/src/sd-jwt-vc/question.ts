/**
 * What a judgement is told beforehand, what it asks of the world, and what it is answered. All of it
 * is plain data; nothing that is expected is ever taken from the credential itself.
 */
import type { JwsAlgorithm } from '../jose/algorithm.ts'
import type { PublicJwk } from '../jose/jwk.ts'
import type { SignatureCheck, Verdict } from '../jose/ports.ts'
import type { KeyBindingPolicy } from '../sd-jwt/key-binding-jwt.ts'
import type { StatusReference } from '../status-list/reference.ts'
import type { IssuerKeyPolicy, KeyMechanism, KeyReference } from './issuer-key/mechanism.ts'
import type { TypeDocument } from './type-metadata/resolution.ts'

export interface Expectations {
  /** Seconds since the epoch. */
  readonly now: number
  /** By how much clocks may differ, seconds. */
  readonly skewSeconds: number
  /** Signature algorithms that are taken, for issuers and holders. */
  readonly algs: readonly JwsAlgorithm[]
  readonly keyBinding: KeyBindingPolicy
  /** How issuers may show their keys; by DIDs only when absent. */
  readonly issuerKeys?: IssuerKeyPolicy
  /** Types that are taken; any when absent. */
  readonly vcts?: readonly string[]
  /**
   * `when_present`: a credential without a status reference passes, unless `withheldLimits` says that it may
   * have been withheld.
   */
  readonly status: 'required' | 'when_present'
  /**
   * Claims that must be there after processing, besides `iss` and `vct`: `['exp']` where a credential
   * without an end is not taken (RFC 9901 §9.7).
   */
  readonly requiredClaims?: readonly string[]
  /**
   * A credential that shows no `exp`, or no `status`, and has digests at its top that stand for nothing that
   * was shown: its issuer may have concealed them, against the rules, and its holder withheld them.
   * `refused`, when absent: it could not be found out, and nothing is verified. `accepted`: its issuers are
   * known to keep both in the clear, and the digests are claims of the person, or decoys.
   */
  readonly withheldLimits?: 'refused' | 'accepted'
  /** Whether the credential is held against the document about its type; it is not when absent. */
  readonly typeMetadata?: TypeMetadataPolicy
}

export interface TypeMetadataPolicy {
  /** `when_available`: a document that cannot be had, or has no publisher that counts, is gone without. */
  readonly need: 'required' | 'when_available'
  /** `all` where nothing can have been withheld: then what is mandatory must be there. */
  readonly disclosures: 'all' | 'some'
}

export type Question =
  /** Which key is that, and whose? Never answered from what another mechanism would say. */
  | ({ readonly ask: 'issuer_key' } & KeyReference)
  /** Do these signatures hold? One verdict each, in order. */
  | { readonly ask: 'verdicts'; readonly checks: readonly SignatureCheck[] }
  /** May this issuer, known in that way, issue that type? */
  | {
      readonly ask: 'trust'
      readonly issuer: string
      readonly by: KeyMechanism
      readonly vct: string
      /** `iss` beside certificates: it proves nothing, and counts against an issuer only. Absent: there is none. */
      readonly claimed?: string
    }
  /**
   * What does the document about that type say? Asked for the type, then for each that it extends.
   * `integrity` may serve to find it in a cache; it is checked here.
   */
  | { readonly ask: 'type_metadata'; readonly vct: string; readonly integrity?: string }
  /** What does the issuer's list say? Asked only when all else passed (Token Status List §8.3). */
  | {
      readonly ask: 'status'
      readonly issuer: string
      readonly by: KeyMechanism
      readonly reference: StatusReference
    }

/** Texts are quoted in the report: words that are safe to show, a sentence each. */
export type IssuerKeyAnswer =
  /**
   * `issuer`: the identity that the key was proven for. The DID, the address, or for a certificate what
   * the policy calls its owner: `x509_hash:` and the base64url of its SHA-256 where there is no other.
   */
  | { readonly key: PublicJwk; readonly issuer: string }
  /** It could not be found out. */
  | { readonly undetermined: string }
  /** There is no such key, or it may not sign credentials. */
  | { readonly refused: string }

/** What is found out about one key of a DID. */
export type KeyAnswer =
  | { readonly key: PublicJwk }
  /** It could not be found out. */
  | { readonly undetermined: string }
  /** There is no such key, or it may not sign credentials. */
  | { readonly refused: string }

export interface TrustAnswer {
  readonly decision: 'trusted' | 'not_trusted' | 'undetermined'
  readonly why: string
}

export type StatusAnswer =
  /** The entry's value; `listExpiresAt`: seconds since the epoch, absent when the list has no end. */
  | { readonly status: number; readonly listExpiresAt?: number }
  | { readonly undetermined: string }
  /** The list itself breaks a rule. */
  | { readonly refused: string }

export type TypeDocumentAnswer =
  | TypeDocument
  /** It could not be had. */
  | { readonly undetermined: string }
  /** What is there must not be used: its publisher is none that counts for that type (§7.8). */
  | { readonly refused: string }

export type Answer =
  | ({ readonly to: 'issuer_key' } & IssuerKeyAnswer)
  | { readonly to: 'verdicts'; readonly verdicts: readonly Verdict[] }
  | ({ readonly to: 'trust' } & TrustAnswer)
  | ({ readonly to: 'type_metadata' } & TypeDocumentAnswer)
  | ({ readonly to: 'status' } & StatusAnswer)
