/**
 * Deferred Credential Request: the wallet asks again for what could not be issued at once.
 * OpenID4VCI 1.0 §9.1. The answer is a credential response.
 */
import type { JsonValue } from '@facet-id/credential/json'
import * as v from 'valibot'
import { JSON_MEDIA_TYPE, readBody } from '../../body.ts'
import { members, optional, readMessage, text } from '../../read.ts'
import type { WireRequest } from '../../wire.ts'
import { protectedJsonRequest, type Sent } from '../credential-request.ts'
import { REFERENCE_LENGTH } from '../credential-response.ts'
import { type ResponseEncryption, readResponseEncryption } from '../encryption/response-encryption.ts'

export interface DeferredCredentialRequest {
  readonly transaction_id: string
  /** §9.1: that of this request alone counts; absent: the answer comes in the clear. */
  readonly credential_response_encryption?: ResponseEncryption
}

const schema = members({
  transaction_id: text(REFERENCE_LENGTH),
  credential_response_encryption: optional(v.custom<JsonValue>(() => true)),
})

export function deferredCredentialRequest(
  endpoint: string,
  accessToken: string,
  request: DeferredCredentialRequest,
): WireRequest {
  return protectedJsonRequest(endpoint, accessToken, request)
}

/**
 * Reads what came to the deferred credential endpoint, opened where it was encrypted.
 *
 * @throws {ProtocolError} `message_malformed`, `message_too_large`, `content_type_unexpected`, all of them
 * `invalid_credential_request`; `encryption_unsupported`, `invalid_encryption_parameters`
 */
export function readDeferredCredentialRequest(
  request: WireRequest,
  sent: Sent = 'in the clear',
): DeferredCredentialRequest {
  const body = readBody(request, JSON_MEDIA_TYPE)
  const { transaction_id, credential_response_encryption } = readMessage(schema, body, {
    name: 'deferred credential request',
  })
  const encryption = readResponseEncryption(credential_response_encryption, sent)
  return {
    transaction_id,
    ...(encryption === undefined ? {} : { credential_response_encryption: encryption }),
  }
}
