/**
 * Credential Response, of the credential endpoint and of the deferred one: the credentials, one for each key
 * that was proven, or fewer; or how to ask for them later.
 * OpenID4VCI 1.0 §8.3, §9.2.
 */
import { sdJwtLimits } from '@facet-id/credential/sd-jwt'
import { JSON_MEDIA_TYPE, jsonResponse, NO_STORE, readAnswer } from '../body.ts'
import { ProtocolError } from '../error.ts'
import {
  list,
  members,
  optional,
  type Plain,
  type Reads,
  readMessage,
  type Same,
  text,
  whole,
} from '../read.ts'
import type { WireResponse } from '../wire.ts'

export type CredentialResponse = IssuedResponse | DeferredResponse

/** Sent with status 200. */
export interface IssuedResponse {
  /** In any order: which key a credential is for, it says itself. */
  readonly credentials: readonly IssuedCredential[]
  /** Names them when the wallet tells what became of them; absent when the issuer does not want to hear. */
  readonly notification_id?: string
}

/** Sent with status 202. */
export interface DeferredResponse {
  /** What to ask the deferred credential endpoint for. */
  readonly transaction_id: string
  /** Seconds to wait at least before asking; 1 or more. */
  readonly interval: number
}

export interface IssuedCredential {
  /** SD-JWT VC in compact form, with its last `~`. */
  readonly credential: string
}

/** Characters of the response. */
const LENGTH = 8_388_608
const CREDENTIALS = 100
/** Characters of a `transaction_id` or a `notification_id`. */
export const REFERENCE_LENGTH = 1024

const schema = members({
  credentials: optional(list(members({ credential: text(sdJwtLimits.characters) }), CREDENTIALS)),
  notification_id: optional(text(REFERENCE_LENGTH)),
  transaction_id: optional(text(REFERENCE_LENGTH)),
  interval: optional(whole(1)),
})

true satisfies Same<Plain<Partial<IssuedResponse & DeferredResponse>>, Reads<typeof schema>>

/** What the endpoint answers. */
export function writeCredentialResponse(response: CredentialResponse): WireResponse {
  const status = 'transaction_id' in response ? 202 : 200
  return { ...jsonResponse(JSON.stringify(response), NO_STORE), status }
}

/**
 * Reads what the endpoint answered, opened where it was encrypted.
 *
 * @throws {ProtocolError} `message_malformed`, `message_too_large`, `content_type_unexpected`
 */
export function readCredentialResponse(response: WireResponse): CredentialResponse {
  const body = readAnswer(response, JSON_MEDIA_TYPE)
  const { credentials, notification_id, transaction_id, interval } = readMessage(schema, body, {
    name: 'credential response',
    length: LENGTH,
  })
  // §8.3: `transaction_id` "MUST NOT be used if the credentials parameter is present".
  if ((credentials === undefined) === (transaction_id === undefined)) {
    throw malformed('must have either credentials or transaction_id')
  }
  if (credentials !== undefined) {
    return { credentials, ...(notification_id === undefined ? {} : { notification_id }) }
  }
  // §8.3: `notification_id` "MUST NOT be present if the credentials parameter is not present".
  if (notification_id !== undefined) throw malformed('has a notification_id and no credentials')
  if (transaction_id === undefined || interval === undefined) {
    throw malformed('must have transaction_id and interval together')
  }
  return { transaction_id, interval }
}

function malformed(what: string): ProtocolError {
  return new ProtocolError('message_malformed', `The credential response ${what}`)
}
