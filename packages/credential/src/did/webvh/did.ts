/**
 * did:webvh as text: a hash of how it began (SCID), and where its log is (did:webvh 1.0, Method-Specific
 * Identifier).
 */
import { CredentialError } from '../../error.ts'
import { isMultihash } from '../multihash.ts'
import { readDid } from '../syntax.ts'
import { readWebLocation, type WebLocation, type WebLocationRules, webUrlOf } from '../web-location.ts'

export interface DidWebvh {
  readonly did: string
  /** Self-certifying identifier: it stays when the DID moves. */
  readonly scid: string
  readonly location: WebLocation
}

/**
 * Reads a did:webvh. A DID URL is cut to its DID before.
 *
 * @throws {CredentialError} `did_malformed`, `did_method_unsupported`
 */
export function readDidWebvh(did: string, rules: WebLocationRules = {}): DidWebvh {
  const { method, id } = readDid(did)
  if (method !== 'webvh') throw new CredentialError('did_method_unsupported', 'This is no did:webvh')
  const end = id.indexOf(':')
  const scid = end === -1 ? id : id.slice(0, end)
  if (end === -1 || !isMultihash(scid)) {
    throw new CredentialError(
      'did_malformed',
      'Not a did:webvh that can be read: it needs a SCID, the hash of its first entry, and then a domain',
    )
  }
  return { did, scid, location: readWebLocation(id.slice(end + 1), rules) }
}

/** Where the log is. */
export function webvhLogUrl({ location }: DidWebvh): string {
  return webUrlOf(location, 'did.jsonl')
}

/** Where the proofs of witnesses are, of a DID that has some. */
export function webvhWitnessUrl({ location }: DidWebvh): string {
  return webUrlOf(location, 'did-witness.json')
}
