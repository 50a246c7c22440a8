/** Key pairs of node:crypto as JWKs, and the native keys of JWKs (RFC 7518 §6.2, RFC 8037 §2). */
import { createECDH, createPrivateKey, createPublicKey, type KeyObject, randomBytes } from 'node:crypto'
import {
  algorithmOf,
  algorithmRules,
  type EcPublicJwk,
  type JwsAlgorithm,
  type PublicJwk,
} from '@facet-id/credential/jose'
import { CryptoError } from '../error.ts'
import type { EncryptionKeyPair, KeyPair, PrivateJwk } from '../key-pair.ts'

/** OpenSSL's names of the curves. */
export const curveNames = { 'P-256': 'prime256v1', 'P-384': 'secp384r1', 'P-521': 'secp521r1' } as const

/** PKCS #8 of an Ed25519 private key, but for its last 32 bytes (RFC 8410 §7). */
const ED25519_PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')
const ED25519_BYTES = 32

/** A fresh key pair for the algorithm; ES256 unless told. */
export function generateKey(alg?: 'ES256'): KeyPair<EcPublicJwk>
export function generateKey(alg: JwsAlgorithm): KeyPair
export function generateKey(alg: JwsAlgorithm = 'ES256'): KeyPair {
  const { crv } = algorithmRules[alg]
  if (crv === 'Ed25519') return ed25519PairOf(randomBytes(ED25519_BYTES))
  const ecdh = createECDH(curveNames[crv])
  ecdh.generateKeys()
  return jwksOf(crv, ecdh.getPrivateKey(), ecdh.getPublicKey())
}

/** A fresh P-256 key pair that others encrypt to. */
export function generateEncryptionKey(): EncryptionKeyPair {
  const { x, y, d } = generateKey().privateJwk
  const publicJwk = { kty: 'EC', crv: 'P-256', x, y, use: 'enc', alg: 'ECDH-ES' } as const
  return { publicJwk, privateJwk: { ...publicJwk, d } }
}

/**
 * The key pair of a private scalar.
 *
 * @param scalar big-endian, at most as many bytes as the curve has
 * @throws {CryptoError} `key_unusable`: zero, or not below the order of the curve
 */
export function keyPairOf(scalar: Uint8Array, crv: EcPublicJwk['crv'] = 'P-256'): KeyPair<EcPublicJwk> {
  return jwksOf(crv, scalar, pointOf(scalar, crv))
}

/**
 * The native key of a private JWK, whose public half must be that of its private half: otherwise it
 * would make signatures that nobody can verify.
 *
 * @throws {CryptoError} `key_unusable`
 */
export function importPrivateKey(jwk: PrivateJwk): KeyObject {
  const { kty, crv, d } = jwk
  const known = Object.values(algorithmRules).find((rule) => rule.crv === crv)
  if (known === undefined || known.kty !== kty) {
    throw unusable('it must be of type EC on curve P-256, P-384 or P-521, or OKP on Ed25519')
  }
  if ((jwk.use ?? 'sig') !== 'sig' || (jwk.alg ?? algorithmOf(jwk)) !== algorithmOf(jwk)) {
    throw unusable('it is for something else than the signatures of its curve')
  }
  const scalar = typeof d === 'string' ? Buffer.from(d, 'base64url') : Buffer.alloc(0)
  if (scalar.length !== known.coordinateBytes || scalar.toString('base64url') !== d) {
    throw unusable(`its "d" must have ${known.coordinateBytes} bytes`)
  }
  const { publicJwk, privateJwk } = jwk.kty === 'OKP' ? ed25519PairOf(scalar) : keyPairOf(scalar, jwk.crv)
  if (publicJwk.x !== jwk.x || yOf(publicJwk) !== yOf(jwk)) {
    throw unusable('its public half does not belong to "d"')
  }
  return createPrivateKey({ key: { ...privateJwk }, format: 'jwk' })
}

/** The native key of a public JWK whose numbers were read; throws what OpenSSL throws for no point of the curve. */
export function importPublicKey(jwk: PublicJwk): KeyObject {
  const { kty, crv, x } = jwk
  const key = jwk.kty === 'EC' ? { kty, crv, x, y: jwk.y } : { kty, crv, x }
  return createPublicKey({ key, format: 'jwk' })
}

function jwksOf(crv: EcPublicJwk['crv'], scalar: Uint8Array, point: Buffer): KeyPair<EcPublicJwk> {
  const width = (point.length - 1) / 2
  const publicJwk: EcPublicJwk = {
    kty: 'EC',
    crv,
    x: point.toString('base64url', 1, 1 + width),
    y: point.toString('base64url', 1 + width),
  }
  // OpenSSL leaves out the zeros in front of a scalar.
  const d = Buffer.alloc(width)
  d.set(scalar, width - scalar.length)
  return { publicJwk, privateJwk: { ...publicJwk, d: d.toString('base64url') } }
}

/** The public point: `04‖x‖y`. */
function pointOf(scalar: Uint8Array, crv: EcPublicJwk['crv']): Buffer {
  const ecdh = createECDH(curveNames[crv])
  try {
    ecdh.setPrivateKey(scalar)
    return ecdh.getPublicKey()
  } catch (cause) {
    throw unusable('its number is not one of the curve', cause)
  }
}

function ed25519PairOf(seed: Buffer): KeyPair {
  const key = createPrivateKey({ key: Buffer.concat([ED25519_PKCS8, seed]), format: 'der', type: 'pkcs8' })
  const { x } = createPublicKey(key).export({ format: 'jwk' })
  if (x === undefined) throw unusable('its public half cannot be made')
  const publicJwk = { kty: 'OKP', crv: 'Ed25519', x } as const
  return { publicJwk, privateJwk: { ...publicJwk, d: seed.toString('base64url') } }
}

function yOf(jwk: PublicJwk): string | undefined {
  return jwk.kty === 'EC' ? jwk.y : undefined
}

function unusable(why: string, cause?: unknown): CryptoError {
  return new CryptoError('key_unusable', `The private key cannot be used: ${why}`, { cause })
}
