/**
 * Pushed Authorization Request: the parameters of an authorization request, sent straight to the server, for a
 * name under which the browser then brings them. RFC 9126.
 */
import * as v from 'valibot'
import { formRequest, JSON_MEDIA_TYPE, jsonResponse, NO_STORE, readAnswer, readBody } from '../../body.ts'
import { ProtocolError } from '../../error.ts'
import { FORM_MEDIA_TYPE, readForm } from '../../form.ts'
import { members, type Plain, type Reads, readMessage, type Same, whole } from '../../read.ts'
import type { WireRequest, WireResponse } from '../../wire.ts'
import {
  type AuthorizationRequest,
  readAuthorizationRequest,
  writeAuthorizationRequest,
} from './authorization-request.ts'

/** §2.2: how the names begin that a server gives to pushed requests. */
export const REQUEST_URI_PREFIX = 'urn:ietf:params:oauth:request_uri:'

export interface PushedAuthorizationResponse {
  /** Good once, and for the client that pushed. */
  readonly request_uri: string
  /** Seconds; at least 1. */
  readonly expires_in: number
}

const schema = members({
  request_uri: v.pipe(v.string(), v.regex(/^[\x21-\x7E]{1,512}$/, 'must be a URI of at most 512 characters')),
  expires_in: whole(1),
})

true satisfies Same<Plain<PushedAuthorizationResponse>, Reads<typeof schema>>

/** What the wallet pushes; what authenticates it is added by whoever holds its keys. */
export function pushedAuthorizationRequest(endpoint: string, request: AuthorizationRequest): WireRequest {
  return formRequest(endpoint, writeAuthorizationRequest(request))
}

/**
 * Reads what was pushed.
 *
 * @throws {ProtocolError} those of `readAuthorizationRequest`; `content_type_unexpected`; `message_malformed`
 * for a `request_uri` in it (§2.1)
 */
export function readPushedAuthorizationRequest(request: WireRequest): AuthorizationRequest {
  const form = readForm(readBody(request, FORM_MEDIA_TYPE))
  if (form.request_uri !== undefined) {
    throw new ProtocolError(
      'message_malformed',
      'A pushed request must not name another: leave out request_uri',
    )
  }
  return readAuthorizationRequest(form)
}

/** §2.2: 201, kept by no cache. */
export function writePushedAuthorizationResponse(response: PushedAuthorizationResponse): WireResponse {
  return { ...jsonResponse(JSON.stringify(response), NO_STORE), status: 201 }
}

/** @throws {ProtocolError} `message_malformed`, `message_too_large`, `content_type_unexpected` */
export function readPushedAuthorizationResponse(response: WireResponse): PushedAuthorizationResponse {
  return readMessage(schema, readAnswer(response, JSON_MEDIA_TYPE), { name: 'pushed authorization response' })
}
