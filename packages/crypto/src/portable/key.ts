/** Key pairs as JWKs (RFC 7518 §6.2, RFC 8037 §2), drawn from the caller's randomness. */

import { readBase64url, writeBase64url } from '@facet-id/credential/base64url'
import {
  algorithmOf,
  algorithmRules,
  type EcPublicJwk,
  type JwsAlgorithm,
  type PublicJwk,
  type Random,
} from '@facet-id/credential/jose'
import { ed25519 } from '@noble/curves/ed25519.js'
import { CryptoError } from '../error.ts'
import { fits } from '../key-form.ts'
import type { EncryptionKeyPair, KeyPair, PrivateJwk } from '../key-pair.ts'
import { curves } from './curve.ts'

/** A fresh key pair for the algorithm. */
export function generateKey(alg: JwsAlgorithm, random: Random): KeyPair {
  const { crv } = algorithmRules[alg]
  if (crv !== 'Ed25519') return ecPairOf(crv, drawScalar(crv, random))
  const seed = random(ed25519.lengths.secretKey ?? 32)
  const publicJwk = { kty: 'OKP', crv, x: writeBase64url(ed25519.getPublicKey(seed)) } as const
  return { publicJwk, privateJwk: { ...publicJwk, d: writeBase64url(seed) } }
}

/** A fresh P-256 key pair that others encrypt to. */
export function generateEncryptionKey(random: Random): EncryptionKeyPair {
  const { x, y, d } = ecPairOf('P-256', drawScalar('P-256', random)).privateJwk
  const publicJwk = { kty: 'EC', crv: 'P-256', x, y, use: 'enc', alg: 'ECDH-ES' } as const
  return { publicJwk, privateJwk: { ...publicJwk, d } }
}

/**
 * The secret number of a private JWK, whose public half must be that of its private half: otherwise it
 * would make signatures that nobody can verify.
 *
 * @throws {CryptoError} `key_unusable`
 */
export function secretOf(jwk: PrivateJwk): Uint8Array {
  try {
    const secret = readBase64url(jwk.d)
    if (fits(jwk, algorithmOf(jwk)) && publicHalfIs(jwk, secret)) return secret
  } catch {
    // Whatever noble says of a number may quote it, and the number is the secret.
  }
  throw new CryptoError('key_unusable', 'The private key cannot be used: its halves are not those of one key')
}

function publicHalfIs(jwk: PublicJwk, secret: Uint8Array): boolean {
  if (jwk.kty === 'OKP') return writeBase64url(ed25519.getPublicKey(secret)) === jwk.x
  const { x, y } = ecPairOf(jwk.crv, secret).publicJwk
  return x === jwk.x && y === jwk.y
}

/** Half as many bytes again as the order has, so that reducing them favours no number (FIPS 186-5 §A.2.1). */
export function drawScalar(crv: EcPublicJwk['crv'], random: Random): Uint8Array {
  const { utils, lengths } = curves[crv]
  return utils.randomSecretKey(random(lengths.seed ?? algorithmRules.ES512.signatureBytes))
}

export function ecPairOf(crv: EcPublicJwk['crv'], scalar: Uint8Array): KeyPair<EcPublicJwk> {
  const point = curves[crv].getPublicKey(scalar, false)
  const width = (point.length - 1) / 2
  const publicJwk: EcPublicJwk = {
    kty: 'EC',
    crv,
    x: writeBase64url(point.subarray(1, 1 + width)),
    y: writeBase64url(point.subarray(1 + width)),
  }
  return { publicJwk, privateJwk: { ...publicJwk, d: writeBase64url(scalar) } }
}
