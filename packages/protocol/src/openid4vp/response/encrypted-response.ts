/**
 * The answer encrypted: by `direct_post.jwt` and `dc_api.jwt`. OpenID4VP 1.0 §8.3.
 *
 * A JWE whose payload is the parameters as a JSON object, signed by nobody: who can encrypt is anybody, so a
 * verifier believes of it what the presentations in it prove (§14.6).
 */
import { readUtf8, utf8 } from '@facet-id/credential/base64url'
import { type JsonObject, readJsonObject } from '@facet-id/credential/json'
import { type Jwe, type JweEncryption, jweEncryptions, readJwe } from '@facet-id/credential/jwe'
import { formRequest, readBody } from '../../body.ts'
import { ProtocolError } from '../../error.ts'
import { FORM_MEDIA_TYPE, readForm } from '../../form.ts'
import type { WireRequest } from '../../wire.ts'
import { type AuthorizationResponse, readResponseForm, readResponseObject } from './authorization-response.ts'
import { VP_TOKEN_LENGTH } from './vp-token.ts'

/** What came: an answer, or what is to be opened for one. */
export type PostedResponse =
  | { readonly by: 'clear'; readonly response: AuthorizationResponse }
  | { readonly by: 'encryption'; readonly jwe: Jwe }

/** Characters of the payload: the token, and what stands beside it. */
const LENGTH = VP_TOKEN_LENGTH + 8192
/** Characters of the JWE: base64url of that, and a header. */
const JWE_LENGTH = Math.ceil((LENGTH * 4) / 3) + 8192

/** What is encrypted: the parameters at the top level, the token an object and no text (§8.3). */
export function writeResponsePayload(response: AuthorizationResponse): Uint8Array {
  const payload: AuthorizationResponse = response
  return utf8(JSON.stringify(payload))
}

/**
 * Reads what was encrypted.
 *
 * @throws {ProtocolError} `message_malformed`, `message_too_large`
 */
export function readResponsePayload(plain: Uint8Array): AuthorizationResponse {
  return readResponseObject(readPayload(plain))
}

/** What a wallet sends by `direct_post.jwt`: one parameter (§8.3.1). */
export function encryptedResponseRequest(response_uri: string, jwe: string): WireRequest {
  return formRequest(response_uri, { response: jwe })
}

/**
 * Reads what was posted, in either form: a wallet that could not encrypt may say its error in the clear (§8.3.1).
 * Whether an answer in the clear is taken where an encrypted one is due is for the verifier to decide.
 *
 * @param encs those that were offered
 * @throws {ProtocolError} `message_malformed`, `message_too_large`, `content_type_unexpected`
 * @throws {CredentialError} those of `readJwe`
 */
export function readPostedResponse(
  request: WireRequest,
  encs: readonly JweEncryption[] = jweEncryptions,
): PostedResponse {
  const { response, ...form } = readForm(readBody(request, FORM_MEDIA_TYPE))
  if (response === undefined) return { by: 'clear', response: readResponseForm(form) }
  if (form.vp_token !== undefined || form.error !== undefined) {
    throw new ProtocolError(
      'message_malformed',
      'The authorization response is either encrypted or in the clear',
    )
  }
  return { by: 'encryption', jwe: readEncryptedResponse(response, encs) }
}

/** @throws {CredentialError} those of `readJwe` */
export function readEncryptedResponse(jwe: string, encs: readonly JweEncryption[] = jweEncryptions): Jwe {
  return readJwe(jwe, { encs, maxBytes: JWE_LENGTH })
}

function readPayload(plain: Uint8Array): JsonObject {
  if (plain.length > LENGTH) {
    throw new ProtocolError('message_too_large', 'The encrypted response is larger than is read here')
  }
  try {
    return readJsonObject(readUtf8(plain), { length: LENGTH })
  } catch (cause) {
    throw new ProtocolError(
      'message_malformed',
      'The encrypted response is not the JSON object that can be read',
      {
        cause,
      },
    )
  }
}
