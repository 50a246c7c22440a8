/**
 * Credential Response: the credentials, one for each key that was proven, or fewer.
 * OpenID4VCI 1.0 §8.3.
 */
import { sdJwtLimits } from '@facet-id/credential/sd-jwt'
import * as v from 'valibot'
import { JSON_MEDIA_TYPE, jsonResponse, NO_STORE, readAnswer } from '../body.ts'
import { ProtocolError } from '../error.ts'
import { list, members, optional, type Plain, type Reads, readMessage, type Same, text } from '../read.ts'
import type { WireResponse } from '../wire.ts'

export interface CredentialResponse {
  /** In any order: which key a credential is for, it says itself. */
  readonly credentials: readonly IssuedCredential[]
}

export interface IssuedCredential {
  /** SD-JWT VC in compact form, with its last `~`. */
  readonly credential: string
}

/** Characters of the response. */
const LENGTH = 8_388_608
const CREDENTIALS = 100

const schema = members({
  credentials: optional(list(members({ credential: text(sdJwtLimits.characters) }), CREDENTIALS)),
  transaction_id: optional(v.unknown()),
})

true satisfies Same<Plain<CredentialResponse>, Plain<Required<Omit<Reads<typeof schema>, 'transaction_id'>>>>

/** What the credential endpoint answers. */
export function writeCredentialResponse(response: CredentialResponse): WireResponse {
  return jsonResponse(JSON.stringify(response), NO_STORE)
}

/**
 * Reads what the credential endpoint answered.
 *
 * @throws {ProtocolError} `message_malformed`, `message_too_large`, `content_type_unexpected`;
 * `feature_unsupported` for credentials that are to be fetched later
 */
export function readCredentialResponse(response: WireResponse): CredentialResponse {
  const body = readAnswer(response, JSON_MEDIA_TYPE)
  const { credentials, transaction_id } = readMessage(schema, body, {
    name: 'credential response',
    length: LENGTH,
  })
  if (transaction_id === undefined && credentials !== undefined) return { credentials }
  if (transaction_id !== undefined && credentials === undefined) {
    throw new ProtocolError(
      'feature_unsupported',
      'Credentials that are to be fetched later are not supported',
    )
  }
  // §8.3: `transaction_id` "MUST NOT be used if the credentials parameter is present".
  throw new ProtocolError(
    'message_malformed',
    'The credential response must have either credentials or transaction_id',
  )
}
