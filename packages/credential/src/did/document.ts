/**
 * DID documents: the keys of a DID, and what each may be used for (DID 1.1, Verification Methods and
 * Verification Relationships). Members that are not named here are kept as they are.
 */
import type { JsonObject, JsonValue } from '../json.ts'
import { absoluteDidUrl } from './syntax.ts'

/**
 * What a key may be used for: `assertionMethod` to issue, `authentication` to prove who one is and
 * to sign requests, `keyAgreement` to be sent what is encrypted.
 */
export type VerificationRelationship = (typeof verificationRelationships)[number]

export const verificationRelationships = [
  'authentication',
  'assertionMethod',
  'keyAgreement',
  'capabilityInvocation',
  'capabilityDelegation',
] as const

/** A type and no interface, so that it is JSON to the compiler too. */
export type VerificationMethod = {
  /** DID URL; it may be relative to the document's `id`. */
  readonly id: string
  readonly type: string
  /** The DID that controls the key. A method without one is kept, and never found. */
  readonly controller?: string
  /** A public key of any kind, as received; `readPublicJwk` says whether it can be used here. */
  readonly publicKeyJwk?: JsonObject
  /** The other form of a key, as received; `readMultikey` says whether it can be used here. */
  readonly publicKeyMultibase?: string
}

/** Something that a DID offers. `id` is a DID URL; it may be relative. */
export type DidService = JsonObject & {
  readonly id: string
  readonly type: JsonValue
  readonly serviceEndpoint: JsonValue
}

/** Relationships hold DID URLs of verification methods of the same document, or whole methods. */
export type DidDocument = JsonObject & {
  readonly id: string
  readonly verificationMethod?: readonly VerificationMethod[]
  /** Other identifiers of the same subject. */
  readonly alsoKnownAs?: readonly string[]
  readonly service?: readonly DidService[]
} & { readonly [relationship in VerificationRelationship]?: readonly (string | VerificationMethod)[] }

/** The document of a DID that holds its keys itself. */
export type KeyDocument = DidDocument & { readonly verificationMethod: readonly VerificationMethod[] }

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
  const listed = document[relationship]?.find((entry) =>
    isWanted(typeof entry === 'string' ? entry : entry.id),
  )
  if (listed === undefined) return undefined
  const method =
    typeof listed === 'string' ? document.verificationMethod?.find(({ id }) => isWanted(id)) : listed
  return method?.controller === document.id ? method : undefined
}
