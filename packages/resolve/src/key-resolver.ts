/**
 * Which key a DID URL names: of did:jwk, where the key is in the DID itself, so that nothing is fetched and nothing
 * is needed. `createDidResolver` answers the same question for the other methods.
 */
import {
  findVerificationMethod,
  readDidUrl,
  resolveDidJwk,
  type VerificationMethod,
  type VerificationRelationship,
} from '@facet-id/credential/did'
import { readPublicJwk } from '@facet-id/credential/jose'
import type { KeyAnswer } from '@facet-id/credential/sd-jwt-vc'

export interface KeyQuestion {
  /** Whose key it must be. */
  readonly did: string
  /** DID URL of the key, in full. */
  readonly kid: string
  /** What the key must be there for. */
  readonly relationship: VerificationRelationship
}

export interface KeyResolver {
  /** Never rejects: what is wrong is in the answer, in words that are safe to show. */
  resolveKey(question: KeyQuestion): Promise<KeyAnswer>
}

/** Resolves keys of did:jwk. */
export function createKeyResolver(): KeyResolver {
  return { resolveKey: async (question) => keyOf(question) }
}

/** Whether a `kid` is a DID URL of that DID; a relative one is nobody's. */
export function isKeyOf(kid: string, did: string): boolean {
  try {
    return readDidUrl(kid).did === did
  } catch {
    return false
  }
}

function keyOf({ did, kid, relationship }: KeyQuestion): KeyAnswer {
  if (!isKeyOf(kid, did))
    return { refused: 'The key that is named is none of the DID that it should belong to.' }
  let method: VerificationMethod | undefined
  try {
    method = findVerificationMethod(resolveDidJwk(did), kid, relationship)
  } catch (error) {
    return { refused: refusalOf(error) }
  }
  if (method === undefined) return { refused: 'The DID has no such key for this use.' }
  try {
    return { key: readPublicJwk(method.publicKeyJwk) }
  } catch {
    return {
      refused:
        'The key is of a kind that is not taken here: keys on P-256, P-384, P-521 or Ed25519 are, for signatures.',
    }
  }
}

function refusalOf(error: unknown): string {
  const isOtherMethod = error instanceof Error && 'code' in error && error.code === 'did_method_unsupported'
  return isOtherMethod
    ? 'Keys are found for DIDs of the method did:jwk only; this one is of another.'
    : 'The DID holds no public key that can be read.'
}
