/**
 * How messages to and from the credential endpoint are encrypted.
 * OpenID4VCI 1.0 §10, §12.2.4.
 *
 * Read is what can be used here: ECDH-ES on P-256 with AES-GCM, without compression. Keys and values of
 * other kinds are left out.
 */

import type { JsonObject, JsonValue } from '@facet-id/credential/json'
import {
  type EncryptionJwk,
  type JweEncryption,
  jweEncryptions,
  readEncryptionJwk,
} from '@facet-id/credential/jwe'
import * as v from 'valibot'
import { ProtocolError } from '../../error.ts'
import { jsonObject, list, members, type Reader, readMessage, text } from '../../read.ts'

/** A key of the issuer, to encrypt requests to. Its `kid` goes into the header of what is encrypted. */
export interface IssuerEncryptionJwk extends EncryptionJwk {
  readonly kid: string
  readonly alg: 'ECDH-ES'
}

export interface CredentialRequestEncryption {
  /** At least one; no two have one `kid`. */
  readonly jwks: { readonly keys: readonly IssuerEncryptionJwk[] }
  readonly enc_values_supported: readonly JweEncryption[]
  /** Whether requests in the clear are refused. */
  readonly encryption_required: boolean
}

export interface CredentialResponseEncryption {
  readonly alg_values_supported: readonly 'ECDH-ES'[]
  readonly enc_values_supported: readonly JweEncryption[]
  /** Whether each request must have a key to encrypt the response to. */
  readonly encryption_required: boolean
}

const KEYS = 20
const VALUES = 50

const required = members({ encryption_required: v.boolean() })

const key: Reader<JsonObject & { readonly kid: string }> = v.pipe(
  jsonObject,
  v.check((jwk) => typeof jwk.kid === 'string' && jwk.kid !== '', 'must be keys that have a kid'),
  v.transform((jwk) => ({ ...jwk, kid: String(jwk.kid) })),
)

const ofRequests = members({
  // §12.2.4: "Each JWK in the set MUST have a kid (Key ID) parameter that uniquely identifies the key."
  jwks: members({
    keys: v.pipe(
      list(key, KEYS),
      v.check((keys) => new Set(keys.map(({ kid }) => kid)).size === keys.length, 'must not repeat a kid'),
    ),
  }),
  enc_values_supported: list(text(), VALUES),
  encryption_required: v.boolean(),
})

const ofResponses = members({
  alg_values_supported: list(text(), VALUES),
  enc_values_supported: list(text(), VALUES),
  encryption_required: v.boolean(),
})

/** Unread, so that what cannot be used is told apart from what is malformed; see below. */
export const anyJson: Reader<JsonValue> = v.custom<JsonValue>(() => true)

/**
 * What requests can be encrypted with; `undefined` when there is nothing that is of use here and nothing is
 * demanded.
 *
 * @throws {ProtocolError} `message_malformed`; `feature_unsupported` when encryption is demanded and none of
 * its ways is known here
 */
export function readRequestEncryption(value: JsonValue | undefined): CredentialRequestEncryption | undefined {
  return readIfUsable(value, 'credential_request_encryption', (given) => {
    const { jwks, enc_values_supported, encryption_required } = readMessage(ofRequests, given, {
      name: 'credential_request_encryption',
    })
    const keys = jwks.keys.flatMap(usableKey)
    const encs = knownEncs(enc_values_supported)
    if (keys.length === 0 || encs.length === 0) return undefined
    return { jwks: { keys }, enc_values_supported: encs, encryption_required }
  })
}

/** Likewise of responses. @throws {ProtocolError} as {@link readRequestEncryption} */
export function readResponseEncryption(
  value: JsonValue | undefined,
): CredentialResponseEncryption | undefined {
  return readIfUsable(value, 'credential_response_encryption', (given) => {
    const { alg_values_supported, enc_values_supported, encryption_required } = readMessage(
      ofResponses,
      given,
      { name: 'credential_response_encryption' },
    )
    const encs = knownEncs(enc_values_supported)
    if (!alg_values_supported.includes('ECDH-ES') || encs.length === 0) return undefined
    return { alg_values_supported: ['ECDH-ES'], enc_values_supported: encs, encryption_required }
  })
}

/** What cannot be read is no loss while it is not demanded. */
function readIfUsable<T>(
  value: JsonValue | undefined,
  name: string,
  read: (given: JsonValue) => T | undefined,
): T | undefined {
  if (value === undefined) return undefined
  const demanded = v.is(required, value) && v.parse(required, value).encryption_required
  let usable: T | undefined
  try {
    // A text would be taken for JSON, and is none of these objects.
    usable = read(typeof value === 'string' ? null : value)
  } catch (error) {
    if (demanded) throw error
  }
  if (usable === undefined && demanded) {
    throw new ProtocolError(
      'feature_unsupported',
      `The issuer demands ${name} of a kind that is not known here: ECDH-ES on P-256 with AES-GCM is`,
    )
  }
  return usable
}

function usableKey(jwk: JsonObject & { readonly kid: string }): readonly IssuerEncryptionJwk[] {
  try {
    const read = readEncryptionJwk(jwk)
    // §10: the JWK has an `alg`, and the JWE says the same.
    return read.alg === undefined ? [] : [{ ...read, kid: jwk.kid, alg: read.alg }]
  } catch {
    return []
  }
}

function knownEncs(values: readonly string[]): readonly JweEncryption[] {
  return jweEncryptions.filter((enc) => values.includes(enc))
}
