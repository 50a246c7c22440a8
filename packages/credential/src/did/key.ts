/**
 * did:key: a DID that is a public key, in as few characters as may be (did:key v0.9). Nothing is fetched, and
 * nothing can ever be changed.
 */
import { CredentialError } from '../error.ts'
import type { PublicJwk } from '../jose/jwk.ts'
import type { KeyDocument, VerificationRelationship } from './document.ts'
import { type Multikey, readMultikey, writeMultikey, type X25519PublicJwk } from './multikey.ts'
import { readDid } from './syntax.ts'

/** Contexts of a document whose keys are Multikeys. */
export const multikeyContext: readonly string[] = [
  'https://www.w3.org/ns/did/v1',
  'https://w3id.org/security/multikey/v1',
]

const forSignatures: readonly VerificationRelationship[] = [
  'authentication',
  'assertionMethod',
  'capabilityInvocation',
  'capabilityDelegation',
]

/** The DID of a public key. */
export function writeDidKey(jwk: PublicJwk | X25519PublicJwk): string {
  return `did:key:${writeMultikey(jwk)}`
}

/**
 * The document of a did:key. Its one method is a Multikey, the key as it stands in the DID; whether that is a
 * point of its curve is found out when it is expanded (`readMethodKey`).
 *
 * @throws {CredentialError} `did_malformed`; `did_method_unsupported` for any other method;
 * `multikey_unsupported` for a kind of key that is not taken
 */
export function resolveDidKey(did: string): KeyDocument {
  const { method, id } = readDid(did)
  if (method !== 'key') throw new CredentialError('did_method_unsupported', 'This is no did:key')
  // "did:key:" [ version ":" ] multibase: the version is 1 where it is absent.
  const value = id.startsWith('1:') ? id.slice(2) : id
  return documentOfMultikey(did, value)
}

/** The document whose one key is that: of a did:key, and of a did:peer that is one. */
export function documentOfMultikey(did: string, value: string): KeyDocument {
  const { crv } = readKey(value)
  const url = `${did}#${value}`
  const relationships: readonly VerificationRelationship[] =
    crv === 'X25519' ? ['keyAgreement'] : forSignatures
  return {
    '@context': multikeyContext,
    id: did,
    verificationMethod: [{ id: url, type: 'Multikey', controller: did, publicKeyMultibase: value }],
    ...Object.fromEntries(relationships.map((name) => [name, [url]])),
  }
}

function readKey(value: string): Multikey {
  try {
    return readMultikey(value)
  } catch (cause) {
    if (cause instanceof CredentialError && cause.code === 'multikey_unsupported') throw cause
    throw new CredentialError('did_malformed', 'The DID holds no public key that can be read', { cause })
  }
}
