/**
 * The request URI: where a wallet gets the request object, by GET (RFC 9101 §5.2.3) or by POST, with a
 * nonce of its own (OpenID4VP 1.0 §5.10).
 *
 * A wallet sends nothing there that tells wallets apart (§15.6), and nothing about what it can do.
 */
import type { JwsAlgorithm } from '@facet-id/credential/jose'
import { documentRequest, formRequest, NO_STORE, readAnswer, readBody } from '../body.ts'
import { FORM_MEDIA_TYPE, readForm } from '../form.ts'
import { members, optional, type Plain, type Reads, readMessage, type Same, text } from '../read.ts'
import type { WireRequest, WireResponse } from '../wire.ts'
import type { FollowedLink } from './request-link.ts'
import { type RequestObjectJwt, readRequestObjectJwt } from './request-object-jwt.ts'

/** What a wallet tells the verifier before it sees the request. */
export interface RequestUriRequest {
  /** Goes into the request object; absent when the wallet sent none. */
  readonly wallet_nonce?: string
}

export const REQUEST_OBJECT_MEDIA_TYPE = 'application/oauth-authz-req+jwt'

const schema = members({ wallet_nonce: optional(text(512)) })

true satisfies Same<Plain<RequestUriRequest>, Reads<typeof schema>>

/** What a wallet sends to the `request_uri`: POST where the link says so, otherwise GET. */
export function requestUriRequest({
  request_uri,
  request_uri_method,
  wallet_nonce,
}: FollowedLink): WireRequest {
  if (request_uri_method !== 'post') return documentRequest(request_uri, REQUEST_OBJECT_MEDIA_TYPE)
  const request = formRequest(request_uri, wallet_nonce === undefined ? {} : { wallet_nonce })
  return { ...request, headers: { ...request.headers, accept: REQUEST_OBJECT_MEDIA_TYPE } }
}

/**
 * Reads it at the verifier. Other parameters, `wallet_metadata` among them, are ignored.
 *
 * @throws {ProtocolError} `message_malformed`, `message_too_large`, `content_type_unexpected`
 */
export function readRequestUriRequest(request: WireRequest): RequestUriRequest {
  if (request.method !== 'POST') return {}
  const form = readForm(readBody(request, FORM_MEDIA_TYPE))
  return readMessage(schema, form, { name: 'request for a request object' })
}

/** The verifier's answer, for one wallet and no cache. @param jwt the signed request object */
export function writeRequestObjectResponse(jwt: string): WireResponse {
  return { status: 200, headers: { 'content-type': REQUEST_OBJECT_MEDIA_TYPE, ...NO_STORE }, body: jwt }
}

/**
 * Reads it at the wallet. Errors and redirects end the matter (§5.10.2, §14.8).
 *
 * @param algs those that the wallet takes; absent: all
 * @throws {ProtocolError} `message_malformed` also for any HTTP status but 2xx;
 * `content_type_unexpected`, and those of {@link readRequestObjectJwt}
 * @throws {CredentialError} those of {@link readRequestObjectJwt}
 */
export function readRequestObjectResponse(
  response: WireResponse,
  followed: FollowedLink,
  algs?: readonly JwsAlgorithm[],
): RequestObjectJwt {
  return readRequestObjectJwt(readAnswer(response, REQUEST_OBJECT_MEDIA_TYPE), followed, algs)
}
