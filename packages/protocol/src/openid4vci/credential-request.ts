/**
 * Credential Request: the wallet asks for credentials of one configuration, one for each key it proves.
 * OpenID4VCI 1.0 §8.2.
 */
import { isJsonArray, isJsonObject, type JsonValue } from '@facet-id/credential/json'
import * as v from 'valibot'
import { JSON_MEDIA_TYPE, mediaTypeOf, readBody } from '../body.ts'
import { ProtocolError } from '../error.ts'
import { writeBearer } from '../oauth/bearer.ts'
import { members, optional, type Reader, readMessage, text } from '../read.ts'
import type { WireRequest } from '../wire.ts'

/** By configuration; or by an identifier from the token response, which this release never gives out. */
export type CredentialRequest =
  | { readonly credential_configuration_id: string; readonly proofs?: Proofs }
  | { readonly credential_identifier: string; readonly proofs?: Proofs }

/** Key proofs, all of one type. */
export interface Proofs {
  /** Compact JWTs, unread; at least one. */
  readonly jwt: readonly string[]
}

/** Characters of the request. */
const LENGTH = 1_048_576
/** Proofs in one request, whatever the issuer's own `batch_size`. */
const PROOFS = 100

const proofs: Reader<Proofs> = v.pipe(
  v.custom<JsonValue>(() => true),
  v.transform(readProofs),
)

const schema: Reader<CredentialRequest> = v.pipe(
  members({
    credential_configuration_id: optional(text()),
    credential_identifier: optional(text()),
    proofs: optional(proofs),
    credential_response_encryption: optional(v.unknown()),
  }),
  v.transform(
    ({ credential_configuration_id, credential_identifier, credential_response_encryption, ...rest }) => {
      if (credential_response_encryption !== undefined) throw encryptionUnsupported()
      // §8.2: the request has one of the two; each "MUST NOT be used" together with the other.
      if (credential_configuration_id !== undefined && credential_identifier === undefined) {
        return { credential_configuration_id, ...rest }
      }
      if (credential_identifier !== undefined && credential_configuration_id === undefined) {
        return { credential_identifier, ...rest }
      }
      throw new ProtocolError(
        'message_malformed',
        'The credential request needs credential_configuration_id or credential_identifier, not both',
      )
    },
  ),
)

/** What the wallet sends to the credential endpoint. */
export function credentialRequest(
  endpoint: string,
  accessToken: string,
  request: CredentialRequest,
): WireRequest {
  return {
    method: 'POST',
    url: endpoint,
    headers: {
      accept: JSON_MEDIA_TYPE,
      'content-type': JSON_MEDIA_TYPE,
      authorization: writeBearer(accessToken),
    },
    body: JSON.stringify(request),
  }
}

/**
 * Reads what came to the credential endpoint; the access token is read by `readBearer`, the proofs by
 * `readProofJwt`. Whether proofs are due is for the issuer to know.
 *
 * @throws {ProtocolError} `message_malformed`, `message_too_large`, `content_type_unexpected`, and
 * `feature_unsupported` for proofs of another type than `jwt`: all `invalid_credential_request`;
 * `proof_malformed`, `invalid_proof`; `encryption_unsupported`, `invalid_encryption_parameters`
 */
export function readCredentialRequest(request: WireRequest): CredentialRequest {
  if (mediaTypeOf(request.headers) === 'application/jwt') throw encryptionUnsupported()
  const body = readBody(request, JSON_MEDIA_TYPE)
  return readMessage(schema, body, { name: 'credential request', length: LENGTH })
}

/** §8.2: "The proofs parameter contains exactly one parameter named as the proof type", a non-empty array. */
function readProofs(value: JsonValue): Proofs {
  const types = isJsonObject(value) ? Object.keys(value) : []
  if (!isJsonObject(value) || types.length !== 1) {
    throw new ProtocolError(
      'proof_malformed',
      'The proofs must be an object with one member, the type of proof',
    )
  }
  if (types[0] !== 'jwt') {
    throw new ProtocolError('feature_unsupported', 'Only key proofs of type jwt are supported')
  }
  const jwt = value.jwt
  if (!isJsonArray(jwt) || jwt.length === 0 || !jwt.every((proof) => typeof proof === 'string')) {
    throw new ProtocolError(
      'proof_malformed',
      'The proofs of type jwt must be a list of texts that is not empty',
    )
  }
  if (jwt.length > PROOFS) {
    throw new ProtocolError('message_too_large', `A credential request has at most ${PROOFS} proofs`)
  }
  return { jwt }
}

function encryptionUnsupported(): ProtocolError {
  return new ProtocolError(
    'encryption_unsupported',
    'Encrypted credential requests and responses are not supported',
  )
}
