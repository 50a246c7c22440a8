/**
 * Bearer tokens in the `Authorization` header, and the challenge when one is missing or wrong.
 * RFC 6750 §2.1, §3.
 */
import { ProtocolError } from '../error.ts'
import { readForm } from '../form.ts'
import type { WireRequest, WireResponse } from '../wire.ts'

/** The characters of RFC 6750 §2.1 (`b64token`), as many as are read here. */
export const BEARER_TOKEN: RegExp = /^(?=.{1,8192}$)[A-Za-z0-9\-._~+/]+=*$/

/** Codes of RFC 6750 §3.1. */
export type BearerError = 'invalid_request' | 'invalid_token' | 'insufficient_scope'

/** Value of the `Authorization` header. */
export function writeBearer(accessToken: string): string {
  return `Bearer ${accessToken}`
}

/**
 * The access token of a request; `undefined` when it brings none, or credentials of another scheme.
 *
 * @throws {ProtocolError} `message_malformed` when the header cannot be read, and for a token in the
 * query, where logs and histories would keep it (RFC 6750 §2.3, §5.3)
 */
export function readBearer(request: Pick<WireRequest, 'url' | 'headers'>): string | undefined {
  const query = request.url.split('#', 1)[0]?.split('?').slice(1).join('?') ?? ''
  if (query !== '' && Object.hasOwn(readForm(query), 'access_token')) {
    throw new ProtocolError(
      'message_malformed',
      'An access token belongs in the Authorization header, not in the query',
    )
  }
  const [, scheme, token = ''] = /^([^ ]*) *(.*)$/s.exec(request.headers.authorization ?? '') ?? []
  if (scheme?.toLowerCase() !== 'bearer') return undefined
  if (!BEARER_TOKEN.test(token)) {
    throw new ProtocolError(
      'message_malformed',
      'The Authorization header must be "Bearer", a blank and the token',
    )
  }
  return token
}

/**
 * Value of the `WWW-Authenticate` header.
 *
 * @param error absent when the request brought no token at all: then it "SHOULD NOT include an error
 *   code or other error information" (RFC 6750 §3.1)
 */
export function writeBearerChallenge(error?: BearerError): string {
  return error === undefined ? 'Bearer' : `Bearer error="${error}"`
}

/** The error that a challenge names; absent when there is no challenge, or no error in it. */
export function findBearerError(headers: WireResponse['headers']): string | undefined {
  const challenge = headers['www-authenticate'] ?? ''
  return /(?:^|[ ,])error="([\x20\x21\x23-\x5B\x5D-\x7E]{1,100})"/.exec(challenge)?.[1]
}
