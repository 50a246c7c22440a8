/**
 * Error responses of the token and credential endpoints, and of every other one here.
 * RFC 6749 §5.2, RFC 6750 §3, OpenID4VCI 1.0 §6.3, §8.3.1.
 */
import * as v from 'valibot'
import { JSON_MEDIA_TYPE, jsonResponse, mediaTypeOf, NO_STORE } from '../body.ts'
import { ProtocolError } from '../error.ts'
import { members, ornament, type Plain, type Reads, readMessage, type Same } from '../read.ts'
import type { WireResponse } from '../wire.ts'
import { type BearerError, findBearerError, writeBearerChallenge } from './bearer.ts'

/** Codes of the token endpoint: RFC 6749 §5.2. */
export type TokenError =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_grant'
  | 'unauthorized_client'
  | 'unsupported_grant_type'
  | 'invalid_scope'

/** A refusal on the wire. */
export interface WireError<Code extends string = string> {
  /** HTTP status: 400, or 401 and 403 where a token is missing, wrong or not enough. */
  readonly status: number
  readonly error: Code
}

/** A refusal as a peer sent it. */
export interface ErrorResponse extends WireError {
  /** For people; absent when the peer gave none, or none that can be shown. */
  readonly error_description?: string
}

/** RFC 6749 §5.2: "Values … MUST NOT include characters outside the set %x20-21 / %x23-5B / %x5D-7E." */
const SHOWN = /^[\x20\x21\x23-\x5B\x5D-\x7E]+$/
const NOT_SHOWN = /[^\x20\x21\x23-\x5B\x5D-\x7E]/gu

const CODE_LENGTH = 100
const DESCRIPTION_LENGTH = 1000

const schema = members({
  error: v.pipe(
    v.string(),
    v.maxLength(CODE_LENGTH, 'is too long'),
    v.regex(SHOWN, 'must be printable ASCII'),
  ),
  error_description: ornament(v.pipe(v.string(), v.maxLength(DESCRIPTION_LENGTH), v.regex(SHOWN))),
})

true satisfies Same<Plain<Omit<ErrorResponse, 'status'>>, Reads<typeof schema>>

/**
 * What an endpoint answers when it refuses. A 401 or 403 challenges too (RFC 6750 §3).
 *
 * @param description for the developer of the other side; quotes become `'`, other characters that may not be sent `?`
 */
export function writeErrorResponse({ status, error }: WireError, description?: string): WireResponse {
  const challenge = isBearerError(error) && (status === 401 || status === 403)
  const body = {
    error,
    ...(description === undefined ? {} : { error_description: shownText(description) }),
  }
  return {
    ...jsonResponse(JSON.stringify(body), {
      ...NO_STORE,
      ...(challenge ? { 'www-authenticate': writeBearerChallenge(error) } : {}),
    }),
    status,
  }
}

/** A description in the characters that may be sent: quotes become `'`, others that may not `?`. */
export function shownText(description: string): string {
  return description.replaceAll('"', "'").replace(NOT_SHOWN, '?')
}

/** What an endpoint answers to a request without an access token: no code, only the challenge. */
export function writeMissingTokenResponse(): WireResponse {
  return { status: 401, headers: { ...NO_STORE, 'www-authenticate': writeBearerChallenge() }, body: '' }
}

/**
 * Reads a refusal, from the body, or from the challenge where the body says nothing.
 *
 * @throws {ProtocolError} `message_malformed`, `message_too_large`, `content_type_unexpected` when the
 * answer is no refusal that OAuth knows: a page of a proxy, or a success
 */
export function readErrorResponse(response: WireResponse): ErrorResponse {
  const { status, headers, body } = response
  if (status < 400 || status > 599) {
    throw new ProtocolError(
      'message_malformed',
      'The answer is no refusal: its HTTP status is not 4xx or 5xx',
    )
  }
  if (mediaTypeOf(headers) === JSON_MEDIA_TYPE) {
    return { status, ...readMessage(schema, body, { name: 'error response' }) }
  }
  const error = findBearerError(headers)
  if (error === undefined) {
    throw new ProtocolError('content_type_unexpected', `The refusal must be of type ${JSON_MEDIA_TYPE}`)
  }
  return { status, error }
}

function isBearerError(error: string): error is BearerError {
  return error === 'invalid_request' || error === 'invalid_token' || error === 'insufficient_scope'
}
