/**
 * `credential_response_encryption`: the key to which a wallet wants its answer encrypted, and how.
 * OpenID4VCI 1.0 §8.2, §10.
 */

import { findMember, isJsonObject, type JsonValue } from '@facet-id/credential/json'
import {
  type EncryptionJwk,
  type JweEncryption,
  jweEncryptions,
  readEncryptionJwk,
} from '@facet-id/credential/jwe'
import { ProtocolError } from '../../error.ts'

export interface ResponseEncryption {
  /** A public key of the wallet's; its `kid`, where it has one, goes into the header. */
  readonly jwk: EncryptionJwk & { readonly alg: 'ECDH-ES' }
  readonly enc: JweEncryption
}

/**
 * Reads what the wallet asks for; `undefined` when it asks for nothing.
 *
 * §8.2: a request with it "MUST" be encrypted, since whoever could change it would read the answer; so one in
 * the clear is refused.
 *
 * @param sent how the request came
 * @throws {ProtocolError} `encryption_unsupported`
 */
export function readResponseEncryption(
  value: JsonValue | undefined,
  sent: 'encrypted' | 'in the clear',
): ResponseEncryption | undefined {
  if (value === undefined) return undefined
  if (sent === 'in the clear') {
    throw unusable('a request that has it must be encrypted itself')
  }
  if (!isJsonObject(value)) throw unusable('it must be an object')
  const enc = jweEncryptions.find((known) => known === findMember(value, 'enc'))
  if (enc === undefined) throw unusable(`its "enc" must be ${jweEncryptions.join(' or ')}`)
  // §10: nothing is compressed that was not agreed upon, and nothing is compressed here.
  if (Object.hasOwn(value, 'zip')) throw unusable('nothing is compressed: leave out "zip"')
  return { jwk: readKey(findMember(value, 'jwk')), enc }
}

function readKey(value: JsonValue | undefined): ResponseEncryption['jwk'] {
  let jwk: EncryptionJwk
  try {
    jwk = readEncryptionJwk(value)
  } catch (cause) {
    throw unusable('its "jwk" must be one public key on P-256', cause)
  }
  // §10: the algorithm is the key's own `alg`; there is no other place for it.
  if (jwk.alg === undefined) throw unusable('its "jwk" must have the "alg" ECDH-ES')
  return { ...jwk, alg: jwk.alg }
}

function unusable(why: string, cause?: unknown): ProtocolError {
  return new ProtocolError(
    'encryption_unsupported',
    `The credential_response_encryption is refused: ${why}`,
    {
      cause,
    },
  )
}
