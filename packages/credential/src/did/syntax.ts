/**
 * DIDs and DID URLs as text (DID 1.1, DID Syntax). They are compared as text too: two spellings are
 * two DIDs.
 */
import { CredentialError } from '../error.ts'

/** `did:<method>:<id>` */
export interface Did {
  /** All of it, as it was received. */
  readonly did: string
  readonly method: string
  /** What the method makes of it is the method's rule. */
  readonly id: string
}

/** A DID, and what of it is meant. Parts are as received, percent-encoding and all. */
export interface DidUrl {
  readonly did: string
  /** Begins with `/`; absent when empty. */
  readonly path?: string
  /** Without its `?`; absent when there is none. */
  readonly query?: string
  /** Without its `#`; absent when there is none. */
  readonly fragment?: string
}

/** Characters of a DID. A did:jwk carries a whole key; a larger one is no key that anyone uses. */
export const maxDidLength = 8192
const maxUrlLength = maxDidLength + 2048

const didForm = /^did:([a-z0-9]+):([A-Za-z0-9._:%-]+)$/
const afterDid =
  /^(\/[\w.~!$&'()*+,;=:@%/-]*)?(?:\?([\w.~!$&'()*+,;=:@%/?-]*))?(?:#([\w.~!$&'()*+,;=:@%/?-]*))?$/
const badEscape = /%(?![0-9A-Fa-f]{2})/

/**
 * Reads a DID, without path, query or fragment. `did` and the method's name are in lower case.
 *
 * @throws {CredentialError} `did_malformed`, also when it is longer than {@link maxDidLength}
 */
export function readDid(text: string): Did {
  if (text.length > maxDidLength) throw malformed('it is too long')
  const [, method, id] = didForm.exec(text) ?? []
  if (method === undefined || id === undefined || id.endsWith(':') || badEscape.test(id)) {
    throw malformed('it must be did:<method>:<id>')
  }
  return { did: text, method, id }
}

/**
 * Reads a DID URL: a DID, then optionally a path, a query and a fragment.
 *
 * @throws {CredentialError} `did_malformed`
 */
export function readDidUrl(text: string): DidUrl {
  if (text.length > maxUrlLength) throw malformed('it is too long')
  const end = text.search(/[/?#]/)
  const { did } = readDid(end === -1 ? text : text.slice(0, end))
  const rest = end === -1 ? '' : text.slice(end)
  const parts = afterDid.exec(rest)
  if (parts === null || badEscape.test(rest))
    throw malformed('its path, query or fragment is none of RFC 3986')
  const [, path, query, fragment] = parts
  return {
    did,
    ...(path === undefined ? {} : { path }),
    ...(query === undefined ? {} : { query }),
    ...(fragment === undefined ? {} : { fragment }),
  }
}

/** A DID URL in full: a relative one (`#0`) belongs to the DID in whose document it stands. */
export function absoluteDidUrl(url: string, did: string): string {
  return url.startsWith('#') || url.startsWith('/') || url.startsWith('?') ? `${did}${url}` : url
}

function malformed(why: string): CredentialError {
  return new CredentialError('did_malformed', `Not a DID that can be read: ${why}`)
}
