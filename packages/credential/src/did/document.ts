/**
 * DID documents: the keys of a DID, and what each may be used for (DID 1.1, Verification Methods and
 * Verification Relationships).
 */
import type { JsonObject } from '../json.ts'
import { absoluteDidUrl } from './syntax.ts'

/**
 * What a key may be used for: `assertionMethod` to issue, `authentication` to prove who one is and
 * to sign requests, `keyAgreement` to be sent what is encrypted.
 */
export type VerificationRelationship =
  | 'authentication'
  | 'assertionMethod'
  | 'keyAgreement'
  | 'capabilityInvocation'
  | 'capabilityDelegation'

export interface VerificationMethod {
  /** DID URL; it may be relative to the document's `id`. */
  readonly id: string
  readonly type: string
  /** The DID that controls the key. */
  readonly controller: string
  /** A public key of any kind, as received; `readPublicJwk` says whether it can be used here. */
  readonly publicKeyJwk: JsonObject
}

/** Relationships hold DID URLs of verification methods of the same document. */
export type DidDocument = {
  readonly '@context': readonly string[]
  readonly id: string
  readonly verificationMethod: readonly VerificationMethod[]
} & { readonly [relationship in VerificationRelationship]?: readonly string[] }

/**
 * The verification method of that DID URL, if the document lists it for that relationship.
 *
 * The URL (of a stranger's `kid`) is compared with those in the document and never taken apart, so
 * it can name nothing that is not there. A method that another DID controls proves nothing about
 * this one, and is not found.
 */
export function findVerificationMethod(
  document: DidDocument,
  didUrl: string,
  relationship: VerificationRelationship,
): VerificationMethod | undefined {
  const wanted = absoluteDidUrl(didUrl, document.id)
  const isWanted = (url: string): boolean => absoluteDidUrl(url, document.id) === wanted
  if (!document[relationship]?.some(isWanted)) return undefined
  return document.verificationMethod.find(({ id, controller }) => controller === document.id && isWanted(id))
}
