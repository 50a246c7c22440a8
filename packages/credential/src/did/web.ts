/**
 * did:web: a document at a place on the web. Whoever holds the place holds the DID, today; there is no history
 * (github.com/w3c-ccg/did-method-web at ea423c1).
 */
import { CredentialError } from '../error.ts'
import type { PublicJwk } from '../jose/jwk.ts'
import type { JsonObject } from '../json.ts'
import type { DidService, KeyDocument, VerificationRelationship } from './document.ts'
import { multikeyContext } from './key.ts'
import { writeMultikey, type X25519PublicJwk } from './multikey.ts'
import { readDid } from './syntax.ts'
import { readWebLocation, type WebLocationRules, webUrlOf } from './web-location.ts'

/** A key of a document that is to be published. */
export interface PublishedKey {
  /** Its name in the document, without `#`: letters, digits, `-`, `_`, `.`. */
  readonly fragment: string
  readonly key: PublicJwk | X25519PublicJwk
  /** What it is for. */
  readonly relationships: readonly VerificationRelationship[]
}

/** What a document says besides its keys. */
export interface DocumentParts {
  readonly keys: readonly PublishedKey[]
  readonly alsoKnownAs?: readonly string[]
  readonly service?: readonly DidService[]
}

/**
 * Where the document of a did:web is: `https://issuer.example/.well-known/did.json`.
 *
 * @throws {CredentialError} `did_malformed`, `did_method_unsupported`
 */
export function didWebUrl(did: string, rules: WebLocationRules = {}): string {
  const { method, id } = readDid(did)
  if (method !== 'web') throw new CredentialError('did_method_unsupported', 'This is no did:web')
  return webUrlOf(readWebLocation(id, rules), 'did.json')
}

/**
 * The did:web of a place: a host, with its port where that is not 443, and the folder of the document.
 *
 * @param host `issuer.example`, `issuer.example:8443`
 * @param path names of folders, as they are and not percent-encoded; absent: the domain itself
 * @throws {CredentialError} `did_malformed` when no document could be found there
 */
export function writeDidWeb(
  host: string,
  path: readonly string[] = [],
  rules: WebLocationRules = {},
): string {
  const did = `did:web:${writeWebLocation(host, path)}`
  didWebUrl(did, rules)
  return did
}

/** A place as did:web and did:webvh write it after the method. Nothing is checked: readers do. */
export function writeWebLocation(host: string, path: readonly string[]): string {
  return [host, ...path].map(encodePart).join(':')
}

/**
 * The document of a DID, with each key as a Multikey. Every DID URL in it is absolute ("DID URLs … MUST be
 * absolute").
 *
 * @throws {CredentialError} `did_malformed` when a fragment is none
 */
export function writeDidDocument(did: string, { keys, alsoKnownAs, service }: DocumentParts): KeyDocument {
  const urlOf = ({ fragment }: PublishedKey): string => {
    if (!/^[A-Za-z0-9._-]+$/.test(fragment)) {
      throw new CredentialError(
        'did_malformed',
        'The name of a key holds letters, digits, "-", "_" and "." only',
      )
    }
    return `${did}#${fragment}`
  }
  const relationships: { [name: string]: string[] } = {}
  for (const published of keys) {
    for (const name of published.relationships)
      relationships[name] = [...(relationships[name] ?? []), urlOf(published)]
  }
  return {
    '@context': multikeyContext,
    id: did,
    ...(alsoKnownAs === undefined ? {} : { alsoKnownAs }),
    verificationMethod: keys.map((published) => ({
      id: urlOf(published),
      type: 'Multikey',
      controller: did,
      publicKeyMultibase: writeMultikey(published.key),
    })),
    ...(relationships satisfies JsonObject),
    ...(service === undefined ? {} : { service }),
  }
}

/** Characters of a DID stay; all others are encoded, the colon of a port too. */
function encodePart(part: string): string {
  return encodeURIComponent(part).replace(
    /[!'()*~]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
