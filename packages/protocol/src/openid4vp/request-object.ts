/**
 * The request object: what a verifier asks, and where the answer goes. OpenID4VP 1.0 §5, §8.2.
 *
 * Only what stands in the signed object counts, so this is the whole request (§5.10.1).
 */
import { findMember, type JsonObject } from '@facet-id/credential/json'
import * as v from 'valibot'
import { ProtocolError } from '../error.ts'
import {
  jsonObject,
  members,
  optional,
  type Plain,
  type Reader,
  type Reads,
  readMessage,
  type Same,
  text,
} from '../read.ts'
import { readHttpUrl, type Scheme } from '../url.ts'
import { type ClientMetadata, clientMetadata } from './client-metadata.ts'
import { type DcqlQuery, readDcqlQuery } from './dcql/query.ts'
import type { RequestObjectJwt } from './request-object-jwt.ts'

/** A request for credentials. Times are seconds since the epoch; who reads it judges them. */
export interface RequestObject {
  /** With its prefix: also the audience of the presentation. */
  readonly client_id: string
  /** What a verifier writes that does not know which wallet will come (§5.8); read as this when absent. */
  readonly aud: string
  readonly response_type: 'vp_token'
  readonly response_mode: 'direct_post'
  /** Where the answer goes. */
  readonly response_uri: string
  /** Fresh and random, of at least 128 bits (§5.2). */
  readonly nonce: string
  /** Goes back with the answer. */
  readonly state?: string
  readonly dcql_query: DcqlQuery
  readonly client_metadata?: ClientMetadata
  /** The nonce that the wallet sent (§5.10). */
  readonly wallet_nonce?: string
  readonly iat?: number
  readonly nbf?: number
  /** Absent when the request says of itself no end. */
  readonly exp?: number
}

const NAME = 'request object'
const SELF_ISSUED = 'https://self-issued.me/v2'

/**
 * Reads what a request object asks, after its signature was verified. Unknown parameters are ignored.
 *
 * @throws {ProtocolError} `message_malformed`, `message_too_large`; `https_required` for its
 * `response_uri`; `feature_unsupported` for other response types and modes, `transaction_data`,
 * `scope`, and what `readDcqlQuery` does not take. {@link findRefusal} has the answer to that
 */
export function readRequestObject({ jws }: RequestObjectJwt, scheme: Scheme = 'https'): RequestObject {
  refuseUnsupported(jws.payload)
  const object = readMessage(requestObject, jws.payload, { name: NAME })
  return { ...object, response_uri: readResponseUri(object.response_uri, scheme) }
}

/** Reads where an answer goes: §8.2 asks of it what OAuth asks of a redirect URI, so no fragment. */
export function readResponseUri(uri: string, scheme: Scheme): string {
  const { href, fragment } = readHttpUrl(uri, scheme)
  if (fragment !== undefined) throw malformed('its response_uri has a fragment')
  return href
}

/** §5.2: nonces and states "MUST only contain ASCII URL safe characters". */
export const urlSafe: Reader<string> = v.pipe(
  text(2048),
  v.regex(/^[A-Za-z0-9._~-]+$/, 'must be of letters, digits, "-", ".", "_" and "~" only'),
)

/** RFC 7519 §2: a NumericDate may have a fraction. */
const seconds: Reader<number> = v.pipe(v.number(), v.minValue(0, 'must not be before 1970'))

const requestObject = members({
  client_id: text(),
  // §5.8 fixes it, and verifiers in wide use write an address of their own: an answer is bound by nonce and client.
  aud: v.optional(text(), SELF_ISSUED),
  response_type: v.literal('vp_token'),
  response_mode: v.literal('direct_post'),
  response_uri: text(),
  nonce: urlSafe,
  state: optional(urlSafe),
  dcql_query: v.pipe(
    jsonObject,
    v.transform((query): DcqlQuery => readDcqlQuery(query)),
  ),
  client_metadata: optional(clientMetadata),
  wallet_nonce: optional(text()),
  iat: optional(seconds),
  nbf: optional(seconds),
  exp: optional(seconds),
})

true satisfies Same<Plain<RequestObject>, Reads<typeof requestObject>>

function refuseUnsupported(payload: JsonObject): void {
  const has = (name: string): boolean => Object.hasOwn(payload, name)
  if (has('request') || has('request_uri')) throw malformed('another request object may not be inside')
  if (isOther(payload, 'response_type', 'vp_token')) throw unsupported('a response_type other than vp_token')
  if (isOther(payload, 'response_mode', 'direct_post'))
    throw unsupported('a response_mode other than direct_post')
  if (has('redirect_uri')) throw malformed('with direct_post it has a response_uri and no redirect_uri')
  // §5.1: "Wallets that do not support this parameter MUST reject requests that contain it."
  if (has('transaction_data')) throw unsupported('transaction_data')
  if (!has('scope')) return
  if (has('dcql_query')) throw malformed('it has both dcql_query and scope')
  throw unsupported('a query by scope')
}

function isOther(payload: JsonObject, name: string, taken: string): boolean {
  const value = findMember(payload, name)
  return typeof value === 'string' && value !== taken
}

function malformed(why: string): ProtocolError {
  return new ProtocolError('message_malformed', `The ${NAME} is refused: ${why}`)
}

function unsupported(what: string): ProtocolError {
  return new ProtocolError('feature_unsupported', `The ${NAME} uses what is not supported yet: ${what}`)
}
