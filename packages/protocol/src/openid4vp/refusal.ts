/**
 * How a wallet refuses a request object that it cannot take: with an error, in the response mode of
 * the request. OpenID4VP 1.0 §8.2, §8.5.
 */
import { findMember, isJsonArray, isJsonObject, type JsonObject } from '@facet-id/credential/json'
import * as v from 'valibot'
import { members, optional, readMessage, text } from '../read.ts'
import type { Scheme } from '../url.ts'
import type { WireRequest } from '../wire.ts'
import { type AuthorizationErrorCode, authorizationResponseRequest } from './authorization-response.ts'
import { readResponseUri, urlSafe } from './request-object.ts'
import type { RequestObjectJwt } from './request-object-jwt.ts'

const schema = members({
  response_mode: v.literal('direct_post'),
  response_uri: text(),
  state: optional(urlSafe),
})

/**
 * What to send when `readRequestObject` has thrown; nothing, where the request does not say where to
 * in a way that can be relied on. Only for requests whose signature was verified, or anyone could
 * make a wallet call any address.
 */
export function findRefusal({ jws }: RequestObjectJwt, scheme: Scheme = 'https'): WireRequest | undefined {
  const { payload } = jws
  try {
    const { response_mode, response_uri, ...state } = readMessage(schema, payload, { name: 'request object' })
    return authorizationResponseRequest(readResponseUri(response_uri, scheme), {
      error: errorFor(payload),
      ...state,
    })
  } catch {
    return undefined
  }
}

function errorFor(payload: JsonObject): AuthorizationErrorCode {
  if (Object.hasOwn(payload, 'transaction_data')) return 'invalid_transaction_data'
  const responseType = findMember(payload, 'response_type')
  if (typeof responseType === 'string' && responseType !== 'vp_token') return 'unsupported_response_type'
  return wantsOtherFormats(payload) ? 'vp_formats_not_supported' : 'invalid_request'
}

/** §8.5: when the wallet "does not support any of the formats requested by the Verifier". */
function wantsOtherFormats(payload: JsonObject): boolean {
  const query = findMember(payload, 'dcql_query')
  const credentials = isJsonObject(query) ? findMember(query, 'credentials') : undefined
  if (!isJsonArray(credentials) || credentials.length === 0) return false
  return credentials.every((credential) => {
    const format = isJsonObject(credential) ? findMember(credential, 'format') : undefined
    return typeof format === 'string' && format !== 'dc+sd-jwt'
  })
}
