/**
 * Authorization Request: a wallet asks that a person let it have credentials.
 * RFC 6749 §4.1.1, RFC 7636 §4.3, RFC 9126 §4, RFC 9396, RFC 9449 §10, OpenID4VCI 1.0 §5.1.
 *
 * It comes through the person's browser: by value, or by the name under which it was pushed before.
 *
 * ```
 * GET /authorize?client_id=…&request_uri=urn%3Aietf%3Aparams%3Aoauth%3Arequest_uri%3A…
 * ```
 */
import * as v from 'valibot'
import { ProtocolError } from '../../error.ts'
import { type Form, readForm, writeForm } from '../../form.ts'
import {
  members,
  optional,
  type Plain,
  type Reader,
  type Reads,
  readMessage,
  type Same,
  text,
} from '../../read.ts'
import type { WireRequest } from '../../wire.ts'
import {
  type CredentialAuthorization,
  readAuthorizationDetails,
  writeAuthorizationDetails,
} from './authorization-details.ts'
import { CODE_CHALLENGE_METHOD, codeChallenge } from './pkce.ts'

export interface AuthorizationRequest {
  readonly response_type: 'code'
  readonly client_id: string
  /** Absent where the client has registered exactly one. */
  readonly redirect_uri?: string
  /** Names divided by blanks; absent where the details say it all. */
  readonly scope?: string
  readonly state?: string
  readonly code_challenge?: string
  readonly code_challenge_method?: typeof CODE_CHALLENGE_METHOD
  readonly authorization_details?: readonly CredentialAuthorization[]
  /** From an offer, or from anybody: it proves nothing (§5.1.3). */
  readonly issuer_state?: string
  /** Thumbprint of the key that the tokens will be bound to. */
  readonly dpop_jkt?: string
  /** The issuer's identifier, for a server that serves several. */
  readonly resource?: string
}

/** How a request came through the browser. */
export type FrontChannelRequest =
  | { readonly by: 'value'; readonly parameters: Form }
  | {
      readonly by: 'reference'
      readonly client_id: string
      readonly request_uri: string
      /** Whether other parameters stood beside it, where anybody could have put them. */
      readonly alone: boolean
    }

const STATE_LENGTH = 2048
/** Some issuers put a signed token there. */
const ISSUER_STATE_LENGTH = 4096

const details: Reader<readonly CredentialAuthorization[]> = v.pipe(
  v.string(),
  v.transform(readAuthorizationDetails),
)

const schema = members({
  response_type: v.literal('code'),
  client_id: text(),
  redirect_uri: optional(text()),
  scope: optional(text()),
  state: optional(text(STATE_LENGTH)),
  code_challenge: optional(codeChallenge),
  code_challenge_method: optional(v.literal(CODE_CHALLENGE_METHOD)),
  authorization_details: optional(details),
  issuer_state: optional(text(ISSUER_STATE_LENGTH)),
  dpop_jkt: optional(v.pipe(v.string(), v.regex(/^[A-Za-z0-9_-]{43}$/, 'must be a thumbprint'))),
  resource: optional(text()),
})

true satisfies Same<Plain<AuthorizationRequest>, Reads<typeof schema>>

/** The parameters of a request, for a query or a pushed body. */
export function writeAuthorizationRequest(request: AuthorizationRequest): Form {
  const { authorization_details, ...others } = request
  return {
    ...others,
    ...(authorization_details === undefined
      ? {}
      : { authorization_details: writeAuthorizationDetails(authorization_details) }),
  }
}

/** Where the browser is sent. */
export function authorizationUrl(
  endpoint: string,
  parameters: AuthorizationRequest | { readonly client_id: string; readonly request_uri: string },
): string {
  const form = 'request_uri' in parameters ? { ...parameters } : writeAuthorizationRequest(parameters)
  return `${endpoint}${endpoint.includes('?') ? '&' : '?'}${writeForm(form)}`
}

/**
 * Reads the parameters of a request. Unknown ones are ignored (OpenID4VCI §5.1.3).
 *
 * @throws {ProtocolError} `message_malformed`, `message_too_large`: `invalid_request`;
 * `response_type_unsupported`; `authorization_details_malformed`; `request_object_unsupported`; `feature_unsupported`
 * for what would have to be answered in another way than a redirect's query
 */
export function readAuthorizationRequest(parameters: Form): AuthorizationRequest {
  const { response_type, response_mode = 'query', request } = parameters
  if (request !== undefined) {
    throw new ProtocolError(
      'request_object_unsupported',
      'A request object is not taken here: push the parameters',
    )
  }
  if (response_type !== undefined && response_type !== 'code') {
    throw new ProtocolError('response_type_unsupported', 'Only response_type code is supported')
  }
  if (response_mode !== 'query') throw unsupported('Only response_mode query is supported')
  const read = readMessage(schema, { ...parameters }, { name: 'authorization request' })
  // RFC 7636 §4.3: without a method the challenge would be the verifier itself, in the open.
  if ((read.code_challenge === undefined) !== (read.code_challenge_method === undefined)) {
    throw new ProtocolError(
      'message_malformed',
      'code_challenge and code_challenge_method=S256 must be sent together',
    )
  }
  return read
}

/**
 * Reads what the browser brought to the authorization endpoint, as far as it goes without knowing more.
 *
 * @throws {ProtocolError} `message_malformed`, `message_too_large`
 */
export function readFrontChannelRequest({ url }: Pick<WireRequest, 'url'>): FrontChannelRequest {
  const query = url.split('#', 1)[0]?.split('?').slice(1).join('?') ?? ''
  const parameters = readForm(query)
  const { client_id, request_uri, ...others } = parameters
  if (request_uri === undefined) return { by: 'value', parameters }
  if (client_id === undefined) {
    throw new ProtocolError('message_malformed', 'The authorization request\'s "client_id" is missing')
  }
  return { by: 'reference', client_id, request_uri, alone: Object.keys(others).length === 0 }
}

function unsupported(why: string): ProtocolError {
  return new ProtocolError('feature_unsupported', why)
}
