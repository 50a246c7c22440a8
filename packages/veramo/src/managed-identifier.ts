/** A kept DID, and its key, in the shapes that Veramo has for them. */
import { readBase64url } from '@facet-id/credential/base64url'
import type { PublicJwk } from '@facet-id/credential/jose'
import type { IIdentifier, IKey, ManagedKeyInfo } from '@veramo/core'
import { type KeptDid, keyUrlOf } from './custody.ts'

/** The one key management system of this agent. */
export const KMS = 'facet'
/** Veramo's name of P-256. */
export const KEY_TYPE = 'Secp256r1'
/** The one identifier provider of this agent. */
export const PROVIDER = 'did:jwk'

export function managedKeyOf({ did, publicJwk }: Pick<KeptDid, 'did' | 'publicJwk'>): ManagedKeyInfo {
  return {
    kid: keyUrlOf(did),
    kms: KMS,
    type: KEY_TYPE,
    publicKeyHex: publicKeyHexOf(publicJwk),
    meta: { algorithms: ['ES256'] },
  }
}

export function identifierOf(kept: Pick<KeptDid, 'did' | 'publicJwk' | 'alias'>): IIdentifier {
  const key: IKey = managedKeyOf(kept)
  return {
    did: kept.did,
    ...(kept.alias === undefined ? {} : { alias: kept.alias }),
    provider: PROVIDER,
    controllerKeyId: key.kid,
    keys: [key],
    services: [],
  }
}

/** The uncompressed point `04‖x‖y`; of an Ed25519 key, `x`. */
function publicKeyHexOf(jwk: PublicJwk): string {
  const x = readBase64url(jwk.x)
  const point = jwk.kty === 'EC' ? [4, ...x, ...readBase64url(jwk.y)] : [...x]
  return point.map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
