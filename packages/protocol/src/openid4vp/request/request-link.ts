/**
 * The link or QR code that brings a wallet to a request. OpenID4VP 1.0 §5.1, §5.7, §9.
 *
 * ```
 * openid4vp://?client_id=decentralized_identifier%3Adid%3Ajwk%3A…&request_uri=https%3A%2F%2F…&request_uri_method=post
 * ```
 *
 * The request stands at an address (`request_uri`), or in the link: as a signed request object (`request`), or
 * unsigned, parameter by parameter. Where there is a request object, all else counts only inside it
 * (§5.10.1), so other parameters are not read then.
 */
import { ProtocolError } from '../../error.ts'
import { type Form, readForm, writeForm } from '../../form.ts'
import { readHttpUrl, type Scheme } from '../../url.ts'
import { readClientId } from '../client/client-id.ts'

export type RequestLink = LinkByReference | LinkByValue | UnsignedLink

/** Says where the request object is, and who claims to have made it. */
export interface LinkByReference {
  /** With its prefix, as {@link readClientId} reads it. The request object must have the same. */
  readonly client_id: string
  readonly request_uri: string
  /** Absent: `get`. */
  readonly request_uri_method?: RequestUriMethod
}

/** Holds the request object. */
export interface LinkByValue {
  readonly client_id: string
  /** Compact JWS; not read yet. A JWE around one is refused when it is read: wallets give keys to fetch with, and no others. */
  readonly request: string
}

/** Holds the request itself, which nobody signed. */
export interface UnsignedLink {
  readonly client_id: string
  /** All parameters, `client_id` included; those that are objects are JSON texts. Not read yet. */
  readonly parameters: Form
}

/** The link that a wallet follows, with what it sends along. */
export interface FollowedLink extends LinkByReference {
  /** Fresh and random; sent where the link asks for POST, and then it must come back. */
  readonly wallet_nonce?: string
}

export type RequestUriMethod = 'get' | 'post'

/** Characters of the whole link: a request object fits, which no QR code holds. */
const LENGTH = 131_072

/** The authority, if there is any, means nothing: wallets are found by the scheme. `haip-vp`: HAIP 1.0 §5.1. */
const LINK = /^(?:openid4vp|haip-vp):(?:\/\/[^?#]*)?\?([^#]*)$/i

/**
 * Reads an `openid4vp://` or `haip-vp://` link.
 *
 * @throws {ProtocolError} `message_malformed`, `message_too_large`; `https_required` for addresses; those of
 * {@link readClientId}
 */
export function readRequestLink(link: string, scheme: Scheme = 'https'): RequestLink {
  if (link.length > LENGTH)
    throw new ProtocolError('message_too_large', 'The link is longer than is read here')
  const query = LINK.exec(link)?.[1]
  if (query === undefined) throw malformed('it must begin with openid4vp:// and have parameters')
  const parameters = readForm(query)
  const { client_id, request, request_uri, request_uri_method } = parameters
  if (client_id === undefined) throw malformed('it names no client_id')
  if (request !== undefined && request_uri !== undefined)
    throw malformed('it has both request and request_uri')
  if (request_uri_method !== undefined && request_uri === undefined) {
    throw malformed('request_uri_method goes with request_uri only')
  }
  const { full } = readClientId(client_id, scheme)
  if (request !== undefined) return { client_id: full, request }
  if (request_uri === undefined) return { client_id: full, parameters }
  return {
    client_id: full,
    request_uri: readHttpUrl(request_uri, scheme).href,
    ...(request_uri_method === undefined ? {} : { request_uri_method: readMethod(request_uri_method) }),
  }
}

/**
 * Writes a link.
 *
 * @param at what wallets are found by: a custom scheme, or an https address that one of them has claimed, perhaps with
 * parameters, and without a fragment
 */
export function writeRequestLink(link: RequestLink, at = 'openid4vp://'): string {
  return `${at}${at.includes('?') ? '&' : '?'}${writeForm(parametersOf(link))}`
}

function parametersOf(link: RequestLink): Form {
  if ('parameters' in link) return link.parameters
  const { client_id } = link
  if ('request' in link) return { client_id, request: link.request }
  const { request_uri, request_uri_method } = link
  return { client_id, request_uri, ...(request_uri_method === undefined ? {} : { request_uri_method }) }
}

/** §5.1: "Two case-sensitive valid values are defined". */
function readMethod(method: string): RequestUriMethod {
  if (method === 'get' || method === 'post') return method
  throw malformed('request_uri_method is get or post')
}

function malformed(why: string): ProtocolError {
  return new ProtocolError('message_malformed', `The link is no request for credentials: ${why}`)
}
