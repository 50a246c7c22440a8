/**
 * Reads a credential back with `@sd-jwt/core`, an engine that shares no code with ours, before it
 * leaves the issuance node (specs/decisions/0002).
 */
import { createHash } from 'node:crypto'
import { readBase64url } from '@facet-id/credential/base64url'
import { algorithmOf, type PublicJwk } from '@facet-id/credential/jose'
import { type JsonObject, readJsonObject } from '@facet-id/credential/json'
import { checkSignatures } from '@facet-id/crypto/node'
import type { SecondOpinion } from '@facet-id/issuer'
import { SDJwtInstance } from '@sd-jwt/core'
import { FacetError } from './error.ts'

/** What the other engine sees in a credential that is signed with this key. */
export function secondOpinion(issuerKey: PublicJwk): SecondOpinion {
  const engine = new SDJwtInstance({
    hashAlg: 'sha-256',
    hasher: (data) => new Uint8Array(createHash('sha256').update(bytesOf(data)).digest()),
    verifier: async (data, signature) => {
      const alg = algorithmOf(issuerKey)
      const check = { alg, key: issuerKey, data, signature: readBase64url(signature) }
      const [verdict] = await checkSignatures([check])
      return verdict === 'valid'
    },
  })
  return async (compact) => {
    try {
      const { payload } = await engine.verify(compact)
      return plain(payload)
    } catch (cause) {
      throw new FacetError(
        'second_opinion_unreadable',
        'The second engine cannot read the credential; nothing was issued',
        { cause },
      )
    }
  }
}

function plain(payload: object): JsonObject {
  return readJsonObject(JSON.stringify(payload))
}

function bytesOf(data: string | ArrayBuffer): string | Uint8Array {
  return typeof data === 'string' ? data : new Uint8Array(data)
}
