/**
 * The request object: what a verifier asks, and where the answer goes. OpenID4VP 1.0 §5, §8.2.
 *
 * Only what stands in the signed object counts, so this is the whole request (§5.10.1). An unsigned one has the
 * same parameters, of which those that are objects are JSON texts (§5.1).
 */
import {
  findMember,
  isJsonObject,
  type JsonObject,
  type JsonValue,
  readJson,
} from '@facet-id/credential/json'
import * as v from 'valibot'
import { ProtocolError } from '../../error.ts'
import {
  jsonObject,
  list,
  members,
  optional,
  ornament,
  type Plain,
  type Reader,
  type Reads,
  readMessage,
  type Same,
  seconds,
  text,
} from '../../read.ts'
import type { Scheme } from '../../url.ts'
import type { ClientId } from '../client/client-id.ts'
import { type ClientMetadata, clientMetadata, findResponseEncryption } from '../client/client-metadata.ts'
import { type DcqlQuery, readDcqlQuery } from '../dcql/query.ts'
import { answerPlaceOf, type ResponseMode, responseModes } from '../response/response-mode.ts'
import { TRANSACTION_LIMITS } from '../transaction-data/transaction-data.ts'
import type { UnsignedLink } from './request-link.ts'
import { type VerifierInfo, verifierInfo } from './verifier-info.ts'

/** A request for credentials. Times are seconds since the epoch; who reads it judges them. */
export interface RequestObject {
  /** With its prefix: also the audience of the presentation. Absent in unsigned requests of a platform (§A.2). */
  readonly client_id?: string
  /** What a verifier writes that does not know which wallet will come (§5.8); read as this when absent. */
  readonly aud: string
  readonly response_type: 'vp_token'
  readonly response_mode: ResponseMode
  /** Where the answer goes by `direct_post` and `direct_post.jwt`. */
  readonly response_uri?: string
  /** Where the user agent takes it by `fragment` and `query`. */
  readonly redirect_uri?: string
  /** Fresh and random, of at least 128 bits (§5.2). */
  readonly nonce: string
  /** Goes back with the answer. */
  readonly state?: string
  readonly dcql_query: DcqlQuery
  readonly client_metadata?: ClientMetadata
  /** Base64url texts as they were received: they are hashed as texts. `readTransactionData` reads them. */
  readonly transaction_data?: readonly string[]
  /** Left out where it cannot be read: it adds to what is known, and takes nothing away. */
  readonly verifier_info?: readonly VerifierInfo[]
  /** Origins that a signed request is for, over the Digital Credentials API (§A.2). */
  readonly expected_origins?: readonly string[]
  /** The nonce that the wallet sent (§5.10). */
  readonly wallet_nonce?: string
  readonly iat?: number
  readonly nbf?: number
  /** Absent when the request says of itself no end. */
  readonly exp?: number
}

/** A request as JSON. What `verifier_info` holds is JSON already. */
export type PlainRequest<T extends Partial<RequestObject>> = Plain<Omit<T, 'verifier_info'>> &
  Pick<RequestObject, 'verifier_info'>

/** A request before it is read: who it says it is from, and its parameters. */
export interface RequestPayload {
  /** Absent where nobody is named: an unsigned request of a platform. */
  readonly clientId?: ClientId
  readonly payload: JsonObject
}

const NAME = 'request object'
const SELF_ISSUED = 'https://self-issued.me/v2'

/** Characters of an object that an unsigned request holds as text. */
const TEXT_LENGTH = 65_536

/**
 * Reads what a request asks, after it was proven to be of the client that it names. Unknown parameters are ignored.
 *
 * @throws {ProtocolError} `message_malformed`, `message_too_large`; `https_required` for its addresses;
 * `feature_unsupported` for other response types and modes, `scope`, and what `readDcqlQuery` does not take.
 * `findRefusal` has the answer to that
 */
export function readRequestObject(
  { clientId, payload }: RequestPayload,
  scheme: Scheme = 'https',
): RequestObject {
  refuseUnsupported(payload)
  const read = readMessage(requestObject, payload, { name: NAME })
  const request = { ...read, ...impliedAddress(read, clientId) }
  answerPlaceOf(request, scheme)
  if (
    request.response_mode.endsWith('.jwt') &&
    findResponseEncryption(request.client_metadata) === undefined
  ) {
    throw malformed('it wants its answer encrypted, and names no key and encryption that can be used')
  }
  return request
}

/**
 * The parameters of an unsigned link as a payload.
 *
 * @throws {ProtocolError} `message_malformed`, `message_too_large`: an object in it is no JSON text
 */
export function payloadOf({ parameters }: UnsignedLink): JsonObject {
  const entries = Object.entries(parameters).filter(([name]) => !CLAIMS.includes(name))
  return Object.fromEntries(
    entries.map(([name, value]) => [name, OBJECTS.includes(name) ? parse(value) : value] as const),
  )
}

/** The parameters of an unsigned link: objects as JSON texts (§5.1). */
export function unsignedLink(request: RequestObject & { readonly client_id: string }): UnsignedLink {
  const payload: PlainRequest<RequestObject> = request
  const sent = Object.entries(payload).filter(([name]) => !CLAIMS.includes(name))
  const parameters = sent.map(
    ([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)] as const,
  )
  return { client_id: request.client_id, parameters: Object.fromEntries(parameters) }
}

/** Members that are no texts: §5.1 has them as JSON in a link. */
const OBJECTS: readonly string[] = [
  'dcql_query',
  'client_metadata',
  'transaction_data',
  'verifier_info',
  'expected_origins',
]

/** Claims of a token: no parameters, so a link has none. */
const CLAIMS: readonly string[] = ['aud', 'iat', 'nbf', 'exp', 'wallet_nonce']

/** §5.2: nonces and states "MUST only contain ASCII URL safe characters". */
export const urlSafe: Reader<string> = v.pipe(
  text(),
  v.regex(/^[A-Za-z0-9._~-]+$/, 'must be of letters, digits, "-", ".", "_" and "~" only'),
)

const ORIGINS = 32

/** RFC 7519 §4.1.3: a list of one audience says what the audience alone says. */
const audience: Reader<string> = v.union([
  text(),
  v.pipe(
    list(text(), 1),
    v.transform((audiences): string => audiences[0] ?? ''),
  ),
])

const requestObject = members({
  client_id: optional(text()),
  // §5.8 fixes it, and verifiers in wide use write an address of their own: an answer is bound by nonce and client.
  aud: v.optional(audience, SELF_ISSUED),
  response_type: v.literal('vp_token'),
  response_mode: v.picklist(responseModes),
  response_uri: optional(text()),
  redirect_uri: optional(text()),
  nonce: urlSafe,
  state: optional(urlSafe),
  dcql_query: v.pipe(
    jsonObject,
    v.transform((query): DcqlQuery => readDcqlQuery(query)),
  ),
  client_metadata: optional(clientMetadata),
  transaction_data: optional(list(text(TRANSACTION_LIMITS.length), TRANSACTION_LIMITS.transactions)),
  verifier_info: ornament(verifierInfo),
  expected_origins: optional(list(text(), ORIGINS)),
  wallet_nonce: optional(text()),
  iat: optional(seconds),
  nbf: optional(seconds),
  exp: optional(seconds),
})

true satisfies Same<
  Plain<Omit<RequestObject, 'verifier_info'>>,
  Omit<Reads<typeof requestObject>, 'verifier_info'>
>

/** §5.9.3: a client that is an address need not repeat it. */
function impliedAddress(
  { response_mode, response_uri, redirect_uri }: Omit<RequestObject, 'aud'>,
  clientId: ClientId | undefined,
): Pick<RequestObject, 'response_uri' | 'redirect_uri'> {
  if (clientId?.prefix !== 'redirect_uri' || response_uri !== undefined || redirect_uri !== undefined)
    return {}
  if (response_mode.startsWith('direct_post')) return { response_uri: clientId.id }
  return response_mode.startsWith('dc_api') ? {} : { redirect_uri: clientId.id }
}

function refuseUnsupported(payload: JsonObject): void {
  const has = (name: string): boolean => Object.hasOwn(payload, name)
  if (has('request') || has('request_uri')) throw malformed('another request object may not be inside')
  if (isOther(payload, 'response_type', ['vp_token']))
    throw unsupported('a response_type other than vp_token')
  if (isOther(payload, 'response_mode', responseModes)) throw unsupported('a response_mode that is not known')
  if (!has('scope')) return
  if (has('dcql_query')) throw malformed('it has both dcql_query and scope')
  throw unsupported('a query by scope')
}

function isOther(payload: JsonObject, name: string, taken: readonly string[]): boolean {
  const value = findMember(payload, name)
  return typeof value === 'string' && !taken.includes(value)
}

function parse(json: string): JsonValue {
  try {
    const value = readJson(json, { length: TEXT_LENGTH })
    if (isJsonObject(value) || Array.isArray(value)) return value
  } catch (cause) {
    throw malformed('a parameter of it is no JSON text', cause)
  }
  throw malformed('a parameter of it is no JSON text of an object')
}

function malformed(why: string, cause?: unknown): ProtocolError {
  return new ProtocolError('message_malformed', `The ${NAME} is refused: ${why}`, { cause })
}

function unsupported(what: string): ProtocolError {
  return new ProtocolError('feature_unsupported', `The ${NAME} uses what is not supported yet: ${what}`)
}
