/**
 * The request URI: where a wallet gets the request object, by GET (RFC 9101 §5.2.3) or by POST, with a
 * nonce of its own and what it can do (OpenID4VP 1.0 §5.10).
 *
 * A wallet sends nothing there that tells wallets apart (§15.6).
 */
import type { JwsAlgorithm } from '@facet-id/credential/jose'
import { type Jwe, jweEncryptions, readJwe } from '@facet-id/credential/jwe'
import { documentRequest, formRequest, NO_STORE, readAnswer, readBody } from '../../body.ts'
import { FORM_MEDIA_TYPE, type Form, readForm } from '../../form.ts'
import { members, optional, type Plain, type Reads, readMessage, type Same, text } from '../../read.ts'
import type { WireRequest, WireResponse } from '../../wire.ts'
import type { FollowedLink } from './request-link.ts'
import { REQUEST_OBJECT_LENGTH, type RequestObjectJwt, readRequestObjectJwt } from './request-object-jwt.ts'
import { readWalletMetadata, type WalletMetadata, writeWalletMetadata } from './wallet-metadata.ts'

/** What a wallet tells the verifier before it sees the request. */
export interface RequestUriRequest {
  /** Goes into the request object; absent when the wallet sent none. */
  readonly wallet_nonce?: string
  /** What it can do; left out where it cannot be read: the request is the same for a wallet that says nothing. */
  readonly wallet_metadata?: WalletMetadata
}

export const REQUEST_OBJECT_MEDIA_TYPE = 'application/oauth-authz-req+jwt'

const schema = members({ wallet_nonce: optional(text(512)) })

true satisfies Same<Plain<Omit<RequestUriRequest, 'wallet_metadata'>>, Reads<typeof schema>>

/** What a wallet sends to the `request_uri`: POST where the link says so, otherwise GET, which says nothing of it. */
export function requestUriRequest(
  { request_uri, request_uri_method, wallet_nonce }: FollowedLink,
  metadata?: WalletMetadata,
): WireRequest {
  if (request_uri_method !== 'post') return documentRequest(request_uri, REQUEST_OBJECT_MEDIA_TYPE)
  const request = formRequest(request_uri, {
    ...(wallet_nonce === undefined ? {} : { wallet_nonce }),
    ...(metadata === undefined ? {} : { wallet_metadata: writeWalletMetadata(metadata) }),
  })
  return { ...request, headers: { ...request.headers, accept: REQUEST_OBJECT_MEDIA_TYPE } }
}

/**
 * Reads it at the verifier. Other parameters are ignored.
 *
 * @throws {ProtocolError} `message_malformed`, `message_too_large`, `content_type_unexpected`
 */
export function readRequestUriRequest(request: WireRequest): RequestUriRequest {
  if (request.method !== 'POST') return {}
  const form = readForm(readBody(request, FORM_MEDIA_TYPE))
  return { ...readMessage(schema, form, { name: 'request for a request object' }), ...metadataIn(form) }
}

function metadataIn({ wallet_metadata }: Form): Pick<RequestUriRequest, 'wallet_metadata'> {
  if (wallet_metadata === undefined) return {}
  try {
    return { wallet_metadata: readWalletMetadata(wallet_metadata) }
  } catch {
    // §5.10: it is optional, and only says what a verifier may take into account.
    return {}
  }
}

/** The verifier's answer, for one wallet and no cache. @param token the signed request object, or a JWE around it */
export function writeRequestObjectResponse(token: string): WireResponse {
  return { status: 200, headers: { 'content-type': REQUEST_OBJECT_MEDIA_TYPE, ...NO_STORE }, body: token }
}

/**
 * Reads it at the wallet: a request object that was not asked to be encrypted. Errors and redirects end the matter
 * (§5.10.2, §14.8).
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
  return readRequestObjectJwt(readRequestToken(response), followed, algs)
}

/** The token in the verifier's answer, not read yet. @throws as {@link readRequestObjectResponse} does of HTTP */
export function readRequestToken(response: WireResponse): string {
  return readAnswer(response, REQUEST_OBJECT_MEDIA_TYPE)
}

/** Characters of an encrypted request object: base64url, and what stands around it. */
const ENCRYPTED_LENGTH = Math.ceil((REQUEST_OBJECT_LENGTH * 4) / 3) + 4096

/**
 * The JWE around a request object, where there is one: five parts. What is in it is a compact JWS (§5.10,
 * RFC 9101 §6.1), and was signed before it was encrypted.
 *
 * @throws {CredentialError} those of `readJwe`
 */
export function findEncryptedRequest(token: string): Jwe | undefined {
  return token.split('.', 5).length < 5
    ? undefined
    : readJwe(token, { encs: jweEncryptions, maxBytes: ENCRYPTED_LENGTH })
}
