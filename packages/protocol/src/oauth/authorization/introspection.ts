/** Token Introspection: an issuer asks an authorization server what a token is good for. RFC 7662. */
import type { JsonObject } from '@facet-id/credential/json'
import * as v from 'valibot'
import { formRequest, JSON_MEDIA_TYPE, jsonResponse, NO_STORE, readAnswer, readBody } from '../../body.ts'
import { FORM_MEDIA_TYPE, readForm } from '../../form.ts'
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
import type { WireRequest, WireResponse } from '../../wire.ts'
import { type GrantedCredential, grantedCredentials } from './authorization-details.ts'

export interface IntrospectionRequest {
  readonly token: string
  readonly token_type_hint?: string
}

/** What a token is good for, from an introspection or from inside a token. */
export interface TokenClaims {
  readonly iss?: string
  readonly sub?: string
  readonly aud?: string | readonly string[]
  readonly client_id?: string
  readonly scope?: string
  /** Seconds since the epoch. */
  readonly exp?: number
  readonly nbf?: number
  readonly iat?: number
  readonly authorization_details?: readonly GrantedCredential[]
  /** The key whose proof must come with the token (RFC 9449 §6). */
  readonly cnf?: { readonly jkt?: string }
}

export interface IntrospectionResponse extends TokenClaims {
  readonly active: boolean
  readonly token_type?: string
}

const TOKEN_LENGTH = 8192
const AUDIENCES = 100

const requestSchema = members({ token: text(TOKEN_LENGTH), token_type_hint: optional(text()) })

true satisfies Same<Plain<IntrospectionRequest>, Reads<typeof requestSchema>>

const audience: Reader<string | readonly string[]> = v.union(
  [text(), v.pipe(v.array(text()), v.maxLength(AUDIENCES, 'has too many values'))],
  'must be a text or a list of texts',
)

const seconds: Reader<number> = v.pipe(v.number(), v.finite('must be a number'))

const tokenClaims = {
  iss: optional(text()),
  sub: optional(text()),
  aud: optional(audience),
  client_id: optional(text()),
  scope: optional(v.pipe(v.string(), v.maxLength(TOKEN_LENGTH, 'is too long'))),
  exp: optional(seconds),
  nbf: optional(seconds),
  iat: optional(seconds),
  authorization_details: optional(grantedCredentials),
  cnf: optional(members({ jkt: optional(text()) })),
}

const claimsSchema = members(tokenClaims)
const responseSchema = members({ ...tokenClaims, active: v.boolean(), token_type: optional(text()) })

true satisfies Same<Plain<TokenClaims>, Reads<typeof claimsSchema>>
true satisfies Same<Plain<IntrospectionResponse>, Reads<typeof responseSchema>>

export function introspectionRequest(endpoint: string, request: IntrospectionRequest): WireRequest {
  return formRequest(endpoint, { ...request })
}

/** @throws {ProtocolError} `message_malformed`, `message_too_large`, `content_type_unexpected` */
export function readIntrospectionRequest(request: WireRequest): IntrospectionRequest {
  return readMessage(requestSchema, readForm(readBody(request, FORM_MEDIA_TYPE)), {
    name: 'introspection request',
  })
}

/** §2.2: of a token that is not active nothing else is said. */
export function writeIntrospectionResponse(response: IntrospectionResponse): WireResponse {
  return jsonResponse(JSON.stringify(response.active ? response : { active: false }), NO_STORE)
}

/** @throws {ProtocolError} `message_malformed`, `message_too_large`, `content_type_unexpected` */
export function readIntrospectionResponse(response: WireResponse): IntrospectionResponse {
  return readMessage(responseSchema, readAnswer(response, JSON_MEDIA_TYPE), {
    name: 'introspection response',
  })
}

/** @throws {ProtocolError} `message_malformed` */
export function readTokenClaims(payload: JsonObject): TokenClaims {
  return readMessage(claimsSchema, payload, { name: 'access token' })
}
