/**
 * A relying party asks an OpenID provider who a person is: code flow with PKCE and a nonce.
 * OpenID Connect Core 1.0 §3.1, RFC 7636.
 */
import { writeBase64urlText } from '@facet-id/credential/base64url'
import { formRequest, JSON_MEDIA_TYPE, readAnswer } from '../body.ts'
import { writeForm } from '../form.ts'
import { members, type Plain, type Reads, readMessage, type Same, text } from '../read.ts'
import type { WireRequest, WireResponse } from '../wire.ts'

export interface AuthenticationRequest {
  readonly client_id: string
  readonly redirect_uri: string
  /** Names divided by blanks, `openid` among them. */
  readonly scope: string
  readonly state: string
  /** Comes back inside the ID Token. */
  readonly nonce: string
  readonly code_challenge: string
}

export interface CodeExchange {
  readonly code: string
  readonly redirect_uri: string
  readonly code_verifier: string
  readonly client_id: string
}

/** The part of the answer that is looked at. */
export interface IdTokenResponse {
  readonly id_token: string
}

const ID_TOKEN_LENGTH = 16_384

const schema = members({ id_token: text(ID_TOKEN_LENGTH) })

true satisfies Same<Plain<IdTokenResponse>, Reads<typeof schema>>

/** Where the browser is sent. */
export function authenticationUrl(endpoint: string, request: AuthenticationRequest): string {
  const form = { response_type: 'code', ...request, code_challenge_method: 'S256' }
  return `${endpoint}${endpoint.includes('?') ? '&' : '?'}${writeForm(form)}`
}

/** @param secret by which the provider knows the client (RFC 6749 §2.3.1); absent: PKCE alone */
export function codeExchangeRequest(endpoint: string, exchange: CodeExchange, secret?: string): WireRequest {
  const request = formRequest(endpoint, { grant_type: 'authorization_code', ...exchange })
  if (secret === undefined) return request
  const authorization = basicAuthorization(exchange.client_id, secret)
  return { ...request, headers: { ...request.headers, authorization } }
}

/** Value of the `Authorization` header of a client with a secret. RFC 6749 §2.3.1: form-encoded first, so it is ASCII. */
export function basicAuthorization(clientId: string, secret: string): string {
  return `Basic ${base64(`${encoded(clientId)}:${encoded(secret)}`)}`
}

/** @throws {ProtocolError} `message_malformed`, `message_too_large`, `content_type_unexpected` */
export function readIdTokenResponse(response: WireResponse): IdTokenResponse {
  return readMessage(schema, readAnswer(response, JSON_MEDIA_TYPE), { name: 'ID Token response' })
}

function encoded(text: string): string {
  return writeForm({ x: text }).slice(2)
}

function base64(ascii: string): string {
  const url = writeBase64urlText(ascii).replaceAll('-', '+').replaceAll('_', '/')
  return url.padEnd(Math.ceil(url.length / 4) * 4, '=')
}
