/**
 * The second engine: `@sd-jwt/core`, which shares no code with ours (specs/decisions/0002). It reads a
 * credential back before it leaves the issuance node, and says what it thinks of a token beside us.
 */
import { hash } from 'node:crypto'
import { readBase64url } from '@facet-id/credential/base64url'
import { algorithmOf, type PublicJwk } from '@facet-id/credential/jose'
import { type JsonObject, readJsonObject } from '@facet-id/credential/json'
import { checkSignatures } from '@facet-id/crypto/node'
import type { SecondOpinion } from '@facet-id/issuer'
import { decodeJwt, decodeSdJwtSync, getClaimsSync, SDJwtInstance } from '@sd-jwt/core'
import { FacetError } from './error.ts'

/** What the other engine sees in a credential that is signed with this key. */
export function secondOpinion(issuerKey: PublicJwk): SecondOpinion {
  const engine = engineFor(issuerKey)
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

/** A token as the other engine reads it; nothing of it is verified. */
export interface SecondReading {
  readonly header: JsonObject
  /** With what was disclosed in its place, where the token is an SD-JWT. */
  readonly claims: JsonObject
}

/** @throws {FacetError} `second_opinion_unreadable` */
export function secondReading(text: string): SecondReading {
  try {
    if (!text.includes('~')) {
      const { header, payload } = decodeJwt(text)
      return { header: plain(header), claims: plain(payload) }
    }
    const { jwt, disclosures } = decodeSdJwtSync(text, hasher)
    const claims = getClaimsSync<object>(jwt.payload, disclosures, hasher)
    return { header: plain(jwt.header), claims: plain(claims) }
  } catch (cause) {
    throw new FacetError('second_opinion_unreadable', 'The second engine cannot read the token', { cause })
  }
}

/** Whether the other engine finds that the issuer's key signed it, and that it is for now. */
export async function secondVerdict(compact: string, issuerKey: PublicJwk): Promise<boolean> {
  const { success } = await engineFor(issuerKey).safeVerify(compact)
  return success
}

function engineFor(issuerKey: PublicJwk): SDJwtInstance<Record<string, unknown>> {
  return new SDJwtInstance({
    hashAlg: 'sha-256',
    hasher,
    verifier: async (data, signature) => {
      const alg = algorithmOf(issuerKey)
      const check = { alg, key: issuerKey, data, signature: readBase64url(signature) }
      const [verdict] = await checkSignatures([check])
      return verdict === 'valid'
    },
  })
}

/** @param alg as the IANA registry spells it: `sha-256` */
function hasher(data: string | ArrayBuffer, alg = 'sha-256'): Uint8Array {
  return hash(alg.replace('-', ''), bytesOf(data), 'buffer')
}

function plain(payload: object): JsonObject {
  const text = JSON.stringify(payload)
  return readJsonObject(text, { length: text.length })
}

function bytesOf(data: string | ArrayBuffer): string | Uint8Array {
  return typeof data === 'string' ? data : new Uint8Array(data)
}
