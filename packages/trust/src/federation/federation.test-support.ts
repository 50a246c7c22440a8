/** Entities of a federation for tests, each with a key. */
import { utf8 } from '@facet-id/credential/base64url'
import { writeJws, writeSigningInput } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import { keyPair, signerOf } from '@facet-id/testkit'

export const now = 1_800_000_000

export interface Entity {
  readonly id: string
  readonly jwks: JsonObject
  /** What it says of itself. */
  configuration(claims?: JsonObject, header?: JsonObject): string
  /** What it says of another. */
  about(subordinate: Entity, claims?: JsonObject, header?: JsonObject): string
  sign(typ: string, claims: JsonObject): string
}

export function entity(id: string): Entity {
  const { publicJwk, privateJwk } = keyPair()
  const kid = `key of ${id}`
  const jwks = { keys: [{ ...publicJwk, kid }] }
  const signer = signerOf(privateJwk)
  const token = (header: JsonObject, claims: JsonObject): string => {
    const input = writeSigningInput({ alg: 'ES256', kid, ...header }, claims)
    return writeJws(input, signer.sign(utf8(input)))
  }
  const times = { iat: now - 10, exp: now + 100 }
  const typ = 'entity-statement+jwt'
  return {
    id,
    jwks,
    configuration: (claims = {}, header = {}) =>
      token({ typ, ...header }, { iss: id, sub: id, ...times, jwks, ...claims }),
    about: (subordinate, claims = {}, header = {}) =>
      token(
        { typ, ...header },
        { iss: id, sub: subordinate.id, ...times, jwks: subordinate.jwks, ...claims },
      ),
    sign: (kind, claims) => token({ typ: kind }, { iss: id, iat: now - 10, ...claims }),
  }
}
