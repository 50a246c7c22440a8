/**
 * The link or QR code that brings a wallet to a request. OpenID4VP 1.0 §5.1, §5.7, §9.
 *
 * ```
 * openid4vp://?client_id=decentralized_identifier%3Adid%3Ajwk%3A…&request_uri=https%3A%2F%2F…&request_uri_method=post
 * ```
 *
 * It says where the request is and who claims to have made it. All else counts only inside the
 * signed request object (§5.10.1), so other parameters are not read here.
 */
import { ProtocolError } from '../error.ts'
import { readForm, writeForm } from '../form.ts'
import { readHttpUrl, type Scheme } from '../url.ts'
import { readClientId } from './client-id.ts'

export interface RequestLink {
  /** With its prefix, as {@link readClientId} reads it. The request object must have the same. */
  readonly client_id: string
  readonly request_uri: string
  /** Absent: `get`. */
  readonly request_uri_method?: RequestUriMethod
}

/** The link that a wallet follows, with what it sends along. */
export interface FollowedLink extends RequestLink {
  /** Fresh and random; sent where the link asks for POST, and then it must come back. */
  readonly wallet_nonce?: string
}

export type RequestUriMethod = 'get' | 'post'

/** Characters of the whole link: more than a QR code holds. */
const LENGTH = 8192

/** The authority, if there is any, means nothing: wallets are found by the scheme. */
const LINK = /^openid4vp:(?:\/\/[^?#]*)?\?([^#]*)$/i

/**
 * Reads an `openid4vp://` link.
 *
 * @throws {ProtocolError} `message_malformed`, `message_too_large`; `https_required` for the
 * `request_uri`; `feature_unsupported` for requests that are in the link itself, and for verifiers
 * that {@link readClientId} does not take
 */
export function readRequestLink(link: string, scheme: Scheme = 'https'): RequestLink {
  if (link.length > LENGTH)
    throw new ProtocolError('message_too_large', 'The link is longer than is read here')
  const query = LINK.exec(link)?.[1]
  if (query === undefined) throw malformed('it must begin with openid4vp:// and have parameters')
  const { client_id, request, request_uri, request_uri_method } = readForm(query)
  if (client_id === undefined) throw malformed('it names no client_id')
  if (request !== undefined && request_uri !== undefined)
    throw malformed('it has both request and request_uri')
  if (request_uri_method !== undefined && request_uri === undefined) {
    throw malformed('request_uri_method goes with request_uri only')
  }
  const { full } = readClientId(client_id)
  if (request_uri === undefined) {
    throw new ProtocolError(
      'feature_unsupported',
      'The link must name a request_uri: requests in the link itself, signed or not, are not supported yet',
    )
  }
  return {
    client_id: full,
    request_uri: readHttpUrl(request_uri, scheme).href,
    ...(request_uri_method === undefined ? {} : { request_uri_method: readMethod(request_uri_method) }),
  }
}

export function writeRequestLink({ client_id, request_uri, request_uri_method }: RequestLink): string {
  const method = request_uri_method === undefined ? {} : { request_uri_method }
  return `openid4vp://?${writeForm({ client_id, request_uri, ...method })}`
}

/** §5.1: "Two case-sensitive valid values are defined". */
function readMethod(method: string): RequestUriMethod {
  if (method === 'get' || method === 'post') return method
  throw malformed('request_uri_method is get or post')
}

function malformed(why: string): ProtocolError {
  return new ProtocolError('message_malformed', `The link is no request for credentials: ${why}`)
}
