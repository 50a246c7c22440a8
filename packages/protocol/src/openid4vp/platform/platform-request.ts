/**
 * A request over the Digital Credentials API, as the platform hands it to the wallet. OpenID4VP 1.0 §A.1 to §A.3.
 *
 * Three protocols: the parameters as they are, one signed request object, or one payload with several signatures.
 * Whose page asked is told by the platform, and by nothing that stands in here.
 */
import type { JwsAlgorithm } from '@facet-id/credential/jose'
import {
  findMember,
  isJsonArray,
  isJsonObject,
  type JsonObject,
  type JsonValue,
} from '@facet-id/credential/json'
import { ProtocolError } from '../../error.ts'
import type { Scheme } from '../../url.ts'
import type { PlainRequest, RequestObject, RequestPayload } from '../request/request-object.ts'
import {
  REQUEST_OBJECT_LENGTH,
  type RequestObjectJwt,
  readPlatformRequestJwt,
} from '../request/request-object-jwt.ts'

export type PlatformProtocol = (typeof platformProtocols)[number]

export const platformProtocols = [
  'openid4vp-v1-unsigned',
  'openid4vp-v1-signed',
  'openid4vp-v1-multisigned',
] as const

/** What a page gives to `navigator.credentials.get`, for one protocol. */
export interface PlatformRequest {
  readonly protocol: PlatformProtocol
  readonly data: JsonObject
}

/** What a wallet reads of it. Nothing of it is proven yet. */
export type ReadPlatformRequest =
  | ({ readonly signed: false } & RequestPayload)
  /**
   * At least one, in the order of the request; those of them that could not be read are `unread`: a wallet may
   * believe one signature and pass over the others (§A.3.2.2).
   */
  | {
      readonly signed: true
      readonly requests: readonly RequestObjectJwt[]
      readonly unread: readonly unknown[]
    }

/** Signatures under one payload. */
const SIGNATURES = 8

/** What a `client_id` counts for where nobody signed: nothing (§A.2), nor what others attest of it. */
const UNPROVEN = ['client_id', 'expected_origins', 'state', 'wallet_nonce', 'verifier_info']

/**
 * Reads a request.
 *
 * @param protocol as the platform names it
 * @throws {ProtocolError} `feature_unsupported` for another protocol; `message_malformed`, `message_too_large`; and,
 * where no signature of a request can be read, what the first of them came to
 * @throws {CredentialError} likewise
 */
export function readPlatformRequest(
  protocol: string,
  data: JsonValue,
  given: { readonly algs?: readonly JwsAlgorithm[]; readonly scheme?: Scheme } = {},
): ReadPlatformRequest {
  if (!isJsonObject(data)) throw malformed('its data must be an object')
  switch (protocol) {
    case 'openid4vp-v1-unsigned':
      return { signed: false, payload: without(data, UNPROVEN) }
    case 'openid4vp-v1-signed': {
      const token = findMember(data, 'request')
      if (typeof token !== 'string') throw malformed('its data must have the signed request')
      return {
        signed: true,
        requests: [readPlatformRequestJwt(token, 'payload', given)].map(stateless),
        unread: [],
      }
    }
    case 'openid4vp-v1-multisigned':
      return readEach(tokensOf(findMember(data, 'request')), given)
    default:
      throw new ProtocolError('feature_unsupported', 'The request is by a protocol that is not known here')
  }
}

/** Unsigned: the parameters as they are, and no client identifier (§A.2). */
export function unsignedPlatformRequest(request: RequestObject): PlatformRequest {
  const payload: PlainRequest<RequestObject> = request
  return { protocol: 'openid4vp-v1-unsigned', data: without(payload, ['aud', ...UNPROVEN]) }
}

/** @param token compact, with `client_id` and `expected_origins` among its claims */
export function signedPlatformRequest(token: string): PlatformRequest {
  return { protocol: 'openid4vp-v1-signed', data: { request: token } }
}

/** @param tokens compact, of `writeSignerInput` over one and the same payload; at least one */
export function multisignedPlatformRequest(tokens: readonly string[]): PlatformRequest {
  const parts = tokens.map((token) => token.split('.'))
  const [payload] = parts.map(([, payload = '']) => payload)
  if (payload === undefined || parts.some((each) => each.length !== 3 || each[1] !== payload)) {
    throw malformed('all of its signatures are over one payload')
  }
  const signatures = parts.map(([header = '', , signature = '']) => ({ protected: header, signature }))
  return { protocol: 'openid4vp-v1-multisigned', data: { request: { payload, signatures } } }
}

function readEach(
  tokens: readonly string[],
  given: { readonly algs?: readonly JwsAlgorithm[]; readonly scheme?: Scheme },
): ReadPlatformRequest {
  const requests: RequestObjectJwt[] = []
  const unread: unknown[] = []
  for (const token of tokens) {
    try {
      requests.push(stateless(readPlatformRequestJwt(token, 'header', given)))
    } catch (error) {
      unread.push(error)
    }
  }
  if (requests.length === 0) throw unread[0]
  return { signed: true, requests, unread }
}

/** RFC 7515 §7.2.1, read as compact tokens: unprotected headers say nothing, so none is taken. */
function tokensOf(request: JsonValue | undefined): readonly string[] {
  const payload = isJsonObject(request) ? findMember(request, 'payload') : undefined
  const signatures = isJsonObject(request) ? findMember(request, 'signatures') : undefined
  if (typeof payload !== 'string' || !isJsonArray(signatures) || signatures.length === 0) {
    throw malformed('its data must have a payload and signatures over it')
  }
  if (signatures.length > SIGNATURES || payload.length > REQUEST_OBJECT_LENGTH) {
    throw new ProtocolError(
      'message_too_large',
      'The request has more signatures, or more to sign, than is read here',
    )
  }
  return signatures.map((each) => tokenOf(each, payload))
}

function tokenOf(signature: JsonValue, payload: string): string {
  const header = isJsonObject(signature) ? findMember(signature, 'protected') : undefined
  const bytes = isJsonObject(signature) ? findMember(signature, 'signature') : undefined
  const isBare = isJsonObject(signature) && !Object.hasOwn(signature, 'header')
  if (typeof header !== 'string' || typeof bytes !== 'string' || !isBare) {
    throw malformed('each signature has a protected header, and no other')
  }
  return `${header}.${payload}.${bytes}`
}

/** §A.2: `state` is not defined here, and unknown parameters are ignored. */
function stateless(jwt: RequestObjectJwt): RequestObjectJwt {
  return { ...jwt, payload: without(jwt.payload, ['state', 'wallet_nonce']) }
}

function without(object: JsonObject, names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)))
}

function malformed(why: string): ProtocolError {
  return new ProtocolError('message_malformed', `The request of the platform is refused: ${why}`)
}
