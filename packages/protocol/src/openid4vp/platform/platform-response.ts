/**
 * The answer over the Digital Credentials API: an object that the platform hands to the page. OpenID4VP 1.0 §A.4.
 */

import { findMember, isJsonObject, type JsonObject, type JsonValue } from '@facet-id/credential/json'
import { type JweEncryption, jweEncryptions } from '@facet-id/credential/jwe'
import { ProtocolError } from '../../error.ts'
import { type AuthorizationResponse, readResponseObject } from '../response/authorization-response.ts'
import { type PostedResponse, readEncryptedResponse } from '../response/encrypted-response.ts'

/** The audience of what is presented to a page, whoever signed the request (§A.4). @param origin of the page, as the platform tells it */
export function platformAudience(origin: string): string {
  return `origin:${origin}`
}

/**
 * Whether a signed request is for the page that asked. Origins are compared as texts, and nothing is normalized
 * (§A.2).
 */
export function isExpectedAt(origin: string, expected_origins: readonly string[] | undefined): boolean {
  return expected_origins?.includes(origin) ?? false
}

/** By `dc_api`: presentations, or an error; `state` is not part of it. */
export function writePlatformResponse(response: AuthorizationResponse): JsonObject {
  return 'error' in response ? { error: response.error } : { vp_token: { ...response.vp_token } }
}

/** By `dc_api.jwt`: what was encrypted (§A.4). */
export function writeEncryptedPlatformResponse(jwe: string): JsonObject {
  return { response: jwe }
}

/**
 * Reads the `data` of what the platform gave to the page.
 *
 * @param encs those that were offered
 * @throws {ProtocolError} `message_malformed`, `message_too_large`
 * @throws {CredentialError} those of `readJwe`
 */
export function readPlatformResponse(
  data: JsonValue,
  encs: readonly JweEncryption[] = jweEncryptions,
): PostedResponse {
  if (!isJsonObject(data)) throw malformed('it must be an object')
  const jwe = findMember(data, 'response')
  if (jwe === undefined) return { by: 'clear', response: readResponseObject(data) }
  if (typeof jwe !== 'string' || Object.hasOwn(data, 'vp_token') || Object.hasOwn(data, 'error')) {
    throw malformed('it is either encrypted or in the clear')
  }
  return { by: 'encryption', jwe: readEncryptedResponse(jwe, encs) }
}

function malformed(why: string): ProtocolError {
  return new ProtocolError('message_malformed', `The answer of the platform is refused: ${why}`)
}
