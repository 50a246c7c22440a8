/** A kept DID, and its keys, in the shapes that Veramo has for them. */
import { readBase64url } from '@facet-id/credential/base64url'
import { algorithmOf, type JwsAlgorithm, type PublicJwk } from '@facet-id/credential/jose'
import type { IIdentifier, ManagedKeyInfo, TKeyType } from '@veramo/core'
import { findActiveKey, type KeptDid, type KeptKey, kidOf, type MethodName } from '../custody/kept-did.ts'
import { notSupported } from '../error.ts'

/** The one key management system of this agent. */
export const KMS = 'facet'

/** Veramo's names of the keys that are made here. */
const algOfKeyType: Readonly<Record<string, JwsAlgorithm>> = { Secp256r1: 'ES256', Ed25519: 'EdDSA' }

/** Whatever else is asked for is refused: a provider that quietly made another kind of key has been seen. */
export function algOf(keyType: string): JwsAlgorithm {
  const alg = Object.hasOwn(algOfKeyType, keyType) ? algOfKeyType[keyType] : undefined
  if (alg === undefined) throw notSupported('A key type other than Secp256r1 and Ed25519')
  return alg
}

/** Veramo's name of a method's provider. */
export function providerOf(method: MethodName): string {
  return `did:${method}`
}

export function managedKeyOf(kept: KeptDid, key: KeptKey): ManagedKeyInfo {
  const alg = algorithmOf(key.publicJwk)
  return {
    kid: kidOf(kept, key),
    kms: KMS,
    type: keyTypeOf(alg),
    publicKeyHex: publicKeyHexOf(key.publicJwk),
    meta: { algorithms: [alg], roles: [...key.roles], state: key.state },
  }
}

export function identifierOf(kept: KeptDid): IIdentifier {
  const controller = findActiveKey(kept, 'assertion')
  return {
    did: kept.did,
    ...(kept.alias === undefined ? {} : { alias: kept.alias }),
    provider: providerOf(kept.method),
    ...(controller === undefined ? {} : { controllerKeyId: kidOf(kept, controller) }),
    keys: kept.keys.map((key) => managedKeyOf(kept, key)),
    services: kept.services.map((service) => ({ ...service, id: `${kept.did}#${service.id}` })),
  }
}

function keyTypeOf(alg: JwsAlgorithm): TKeyType {
  if (alg === 'EdDSA') return 'Ed25519'
  if (alg === 'ES256') return 'Secp256r1'
  throw notSupported('A key type other than Secp256r1 and Ed25519')
}

/** The uncompressed point `04‖x‖y`; of an Ed25519 key, `x`. */
function publicKeyHexOf(jwk: PublicJwk): string {
  const x = readBase64url(jwk.x)
  const point = jwk.kty === 'EC' ? [4, ...x, ...readBase64url(jwk.y)] : [...x]
  return point.map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
