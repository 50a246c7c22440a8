/**
 * How a wallet refuses a request that it cannot take: with an error, in the response mode of the request.
 * OpenID4VP 1.0 §8.2, §8.5.
 */
import { findMember, isJsonArray, isJsonObject, type JsonObject } from '@facet-id/credential/json'
import * as v from 'valibot'
import { members, optional, readMessage, text } from '../../read.ts'
import type { Scheme } from '../../url.ts'
import { prefixRules } from '../client/prefix-rules.ts'
import { type RequestPayload, urlSafe } from '../request/request-object.ts'
import { isTransactionDataOf } from '../transaction-data/transaction-data.ts'
import type { AuthorizationErrorCode } from './authorization-response.ts'
import { type AnswerPlace, answerPlaceOf, responseModes } from './response-mode.ts'

/** An error, and where it would go: in the clear, as nothing in the request can be relied on (§8.3.1). */
export interface Refusal {
  readonly to: AnswerPlace
  readonly error: AuthorizationErrorCode
  readonly state?: string
}

const schema = members({
  response_mode: v.picklist(responseModes),
  response_uri: optional(text()),
  redirect_uri: optional(text()),
  state: optional(urlSafe),
})

/**
 * What to answer when `readRequestObject` has thrown; nothing, where the request does not say where to
 * in a way that can be relied on. Only for requests that were proven, and to an address that `isAddressOf` ties to
 * the client, or anyone could make a wallet call any address.
 */
export function findRefusal(
  { clientId, payload }: RequestPayload,
  scheme: Scheme = 'https',
): Refusal | undefined {
  try {
    const { state, ...addressed } = readMessage(schema, payload, { name: 'request object' })
    const to = answerPlaceOf(withoutStray(addressed), scheme)
    const known = clientId !== undefined && prefixRules[clientId.prefix].metadata === 'refused'
    return { to, error: errorFor(payload, known), ...(state === undefined ? {} : { state }) }
  } catch {
    return undefined
  }
}

/** With `direct_post` a `redirect_uri` is what makes the request invalid, and not where the answer goes (§8.2). */
function withoutStray<T extends { readonly response_mode: string; readonly redirect_uri?: string }>(
  addressed: T,
): Omit<T, 'redirect_uri'> | T {
  if (!addressed.response_mode.startsWith('direct_post')) return addressed
  const { redirect_uri, ...rest } = addressed
  return rest
}

function errorFor(payload: JsonObject, isKnown: boolean): AuthorizationErrorCode {
  if (Object.hasOwn(payload, 'transaction_data') && !isTransactionDataOf(payload))
    return 'invalid_transaction_data'
  const responseType = findMember(payload, 'response_type')
  if (typeof responseType === 'string' && responseType !== 'vp_token') return 'unsupported_response_type'
  if (isKnown && Object.hasOwn(payload, 'client_metadata')) return 'invalid_client'
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
