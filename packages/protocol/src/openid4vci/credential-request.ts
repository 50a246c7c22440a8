/**
 * Credential Request: the wallet asks for credentials of one configuration, one for each key it proves.
 * OpenID4VCI 1.0 §8.2.
 */
import { isJsonArray, isJsonObject, type JsonValue } from '@facet-id/credential/json'
import * as v from 'valibot'
import { JSON_MEDIA_TYPE, readBody } from '../body.ts'
import { ProtocolError } from '../error.ts'
import { writeBearer } from '../oauth/bearer.ts'
import { members, optional, type Reader, readMessage, text } from '../read.ts'
import type { WireRequest } from '../wire.ts'
import { type ResponseEncryption, readResponseEncryption } from './encryption/response-encryption.ts'

/** By configuration; or by an identifier from the token response, where it has some. */
export type CredentialRequest = (
  | { readonly credential_configuration_id: string }
  | { readonly credential_identifier: string }
) & {
  readonly proofs?: Proofs
  /** Absent: the answer may come in the clear. */
  readonly credential_response_encryption?: ResponseEncryption
}

/** Key proofs, all of one type, unread. */
export type Proofs =
  /** Compact JWTs, one for each key; at least one. */
  | { readonly jwt: readonly string[] }
  /** One key attestation, which has all keys in it. */
  | { readonly attestation: readonly [string] }

/** How a request reached the issuer. */
export type Sent = 'encrypted' | 'in the clear'

/** Characters of the request. */
const LENGTH = 1_048_576
/** Proofs in one request, whatever the issuer's own `batch_size`. */
const PROOFS = 100

const anyJson = v.custom<JsonValue>(() => true)

const proofs: Reader<Proofs> = v.pipe(anyJson, v.transform(readProofs))

const schema = members({
  credential_configuration_id: optional(text()),
  credential_identifier: optional(text()),
  proofs: optional(proofs),
  credential_response_encryption: optional(anyJson),
})

/** What the wallet sends to the credential endpoint; to be encrypted where it has a key for the answer. */
export function credentialRequest(
  endpoint: string,
  accessToken: string,
  request: CredentialRequest,
): WireRequest {
  return protectedJsonRequest(endpoint, accessToken, request)
}

/** A request with an access token and JSON for its body. */
export function protectedJsonRequest(endpoint: string, accessToken: string, body: object): WireRequest {
  return {
    method: 'POST',
    url: endpoint,
    headers: {
      accept: JSON_MEDIA_TYPE,
      'content-type': JSON_MEDIA_TYPE,
      authorization: writeBearer(accessToken),
    },
    body: JSON.stringify(body),
  }
}

/**
 * Reads what came to the credential endpoint, opened where it was encrypted; the access token is read by
 * `readBearer`, the proofs by `readProofJwt` and `readKeyAttestation`. Whether proofs, or encryption, are due
 * is for the issuer to know.
 *
 * @throws {ProtocolError} `message_malformed`, `message_too_large`, `content_type_unexpected`, and
 * `feature_unsupported` for proofs of another type: all `invalid_credential_request`;
 * `proof_malformed`, `invalid_proof`; `encryption_unsupported`, `invalid_encryption_parameters`
 */
export function readCredentialRequest(request: WireRequest, sent: Sent = 'in the clear'): CredentialRequest {
  const body = readBody(request, JSON_MEDIA_TYPE)
  const { credential_configuration_id, credential_identifier, credential_response_encryption, ...rest } =
    readMessage(schema, body, { name: 'credential request', length: LENGTH })
  const encryption = readResponseEncryption(credential_response_encryption, sent)
  const asked = {
    ...rest,
    ...(encryption === undefined ? {} : { credential_response_encryption: encryption }),
  }
  // §8.2: the request has one of the two; each "MUST NOT be used" together with the other.
  if (credential_configuration_id !== undefined && credential_identifier === undefined) {
    return { credential_configuration_id, ...asked }
  }
  if (credential_identifier !== undefined && credential_configuration_id === undefined) {
    return { credential_identifier, ...asked }
  }
  throw new ProtocolError(
    'message_malformed',
    'The credential request needs credential_configuration_id or credential_identifier, not both',
  )
}

/** §8.2: "The proofs parameter contains exactly one parameter named as the proof type", a non-empty array. */
function readProofs(value: JsonValue): Proofs {
  const types = isJsonObject(value) ? Object.keys(value) : []
  const [type] = types
  if (!isJsonObject(value) || type === undefined || types.length !== 1) {
    throw malformed('The proofs must be an object with one member, the type of proof')
  }
  if (type !== 'jwt' && type !== 'attestation') {
    throw new ProtocolError(
      'feature_unsupported',
      'Only key proofs of the types jwt and attestation are supported',
    )
  }
  const given = value[type]
  if (!isJsonArray(given) || given.length === 0 || !given.every((proof) => typeof proof === 'string')) {
    throw malformed(`The proofs of type ${type} must be a list of texts that is not empty`)
  }
  if (given.length > PROOFS) {
    throw new ProtocolError('message_too_large', `A credential request has at most ${PROOFS} proofs`)
  }
  if (type === 'jwt') return { jwt: given }
  const [attestation, ...more] = given
  // App. F: "an array with exactly one" key attestation.
  if (attestation === undefined || more.length > 0) {
    throw malformed('The proofs of type attestation are one key attestation')
  }
  return { attestation: [attestation] }
}

function malformed(message: string): ProtocolError {
  return new ProtocolError('proof_malformed', message)
}
