/**
 * Access tokens in the `Authorization` header, and the challenge when one is missing or wrong.
 * RFC 6750 §2.1, §3, RFC 9449 §7.1.
 */
import { mediaTypeOf } from '../body.ts'
import { ProtocolError } from '../error.ts'
import { FORM_MEDIA_TYPE, readForm } from '../form.ts'
import type { WireRequest, WireResponse } from '../wire.ts'

/** The characters of RFC 6750 §2.1 (`b64token`), as many as are read here. */
export const BEARER_TOKEN: RegExp = /^(?=.{1,8192}$)[A-Za-z0-9\-._~+/]+=*$/

const SCHEMES = ['Bearer', 'DPoP'] as const

/** Codes of RFC 6750 §3.1. */
export type BearerError = 'invalid_request' | 'invalid_token' | 'insufficient_scope'

/** Value of the `Authorization` header. */
export function writeBearer(accessToken: string): string {
  return `Bearer ${accessToken}`
}

/** An access token, and the scheme that it came by: with `DPoP` a proof of its key comes beside it. */
export interface AccessToken {
  readonly scheme: 'Bearer' | 'DPoP'
  readonly token: string
}

/**
 * The access token of a request; `undefined` when it brings none, or credentials of another scheme.
 *
 * @throws {ProtocolError} `message_malformed` when the header cannot be read or names two, and for a token in
 * the query or in a form, where logs and histories would keep it (RFC 6750 §2, §5.3)
 */
export function readAccessToken(
  request: Pick<WireRequest, 'url' | 'headers' | 'body'>,
): AccessToken | undefined {
  const query = request.url.split('#', 1)[0]?.split('?').slice(1).join('?') ?? ''
  const inBody =
    mediaTypeOf(request.headers) === FORM_MEDIA_TYPE && /(?:^|&)access_token=/.test(request.body ?? '')
  if (inBody || (query !== '' && Object.hasOwn(readForm(query), 'access_token'))) {
    throw new ProtocolError(
      'message_malformed',
      'An access token belongs in the Authorization header, not in the query or the body',
    )
  }
  const [, written = '', token = ''] = /^([^ ]*) *(.*)$/s.exec(request.headers.authorization ?? '') ?? []
  const scheme = SCHEMES.find((known) => known.toLowerCase() === written.toLowerCase())
  if (scheme === undefined) return undefined
  // RFC 9449 §7.2: two methods in one request; joined, their values have a comma, which no token has.
  if (!BEARER_TOKEN.test(token)) {
    throw new ProtocolError(
      'message_malformed',
      'The Authorization header must be "Bearer" or "DPoP", a blank and the token',
    )
  }
  return { scheme, token }
}

/**
 * The bearer token of a request; `undefined` when it brings none, or one that is bound to a key.
 *
 * @throws {ProtocolError} `message_malformed`, as `readAccessToken` does
 */
export function readBearer(request: Pick<WireRequest, 'url' | 'headers' | 'body'>): string | undefined {
  const read = readAccessToken(request)
  return read?.scheme === 'Bearer' ? read.token : undefined
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
