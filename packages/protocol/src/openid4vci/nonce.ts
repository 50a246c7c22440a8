/**
 * Nonce endpoint: a fresh `c_nonce` for the wallet's key proofs.
 * OpenID4VCI 1.0 §7. It is the only place where nonces come from.
 */
import { JSON_MEDIA_TYPE, jsonResponse, NO_STORE, readAnswer } from '../body.ts'
import { members, type Plain, type Reads, readMessage, type Same, text } from '../read.ts'
import type { WireRequest, WireResponse } from '../wire.ts'

export interface NonceResponse {
  readonly c_nonce: string
}

/** Characters of a nonce. */
export const NONCE_LENGTH = 1024

const schema = members({ c_nonce: text(NONCE_LENGTH) })

true satisfies Same<Plain<NonceResponse>, Reads<typeof schema>>

/** §7.1: a POST without body, and without access token. */
export function nonceRequest(endpoint: string): WireRequest {
  return { method: 'POST', url: endpoint, headers: { accept: JSON_MEDIA_TYPE } }
}

/** §7.2: the answer "MUST be uncacheable by adding a Cache-Control header field … no-store". */
export function writeNonceResponse(nonce: NonceResponse): WireResponse {
  return jsonResponse(JSON.stringify(nonce), NO_STORE)
}

/** @throws {ProtocolError} `message_malformed`, `message_too_large`, `content_type_unexpected` */
export function readNonceResponse(response: WireResponse): NonceResponse {
  return readMessage(schema, readAnswer(response, JSON_MEDIA_TYPE), { name: 'nonce response' })
}
