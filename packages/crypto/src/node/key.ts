/** P-256 key pairs as JWKs (RFC 7518 §6.2). Every number is 32 bytes, zeros in front included. */
import { createECDH, createPrivateKey, type KeyObject } from 'node:crypto'
import type { PublicJwk } from '@facet-id/credential/jose'
import { CryptoError } from './error.ts'

/** A private key: keep it sealed, hand it to nobody. */
export interface PrivateJwk extends PublicJwk {
  /** 32 bytes, base64url. */
  readonly d: string
}

export interface KeyPair {
  readonly publicJwk: PublicJwk
  readonly privateJwk: PrivateJwk
}

const CURVE = 'prime256v1'
const NUMBER_BYTES = 32
/** Canonical base64url of 32 bytes: the last character holds two bits that must be zero. */
const NUMBER = /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/

/** A fresh key pair. */
export function generateKey(): KeyPair {
  const ecdh = createECDH(CURVE)
  ecdh.generateKeys()
  return jwksOf(ecdh.getPrivateKey(), ecdh.getPublicKey())
}

/**
 * The key pair of a private scalar.
 *
 * @param scalar big-endian, at most 32 bytes
 * @throws {CryptoError} `key_unusable`: zero, or not below the order of the curve
 */
export function keyPairOf(scalar: Uint8Array): KeyPair {
  return jwksOf(scalar, pointOf(scalar))
}

/**
 * The native key of a private JWK, whose public half must be that of its private half: otherwise it
 * would make signatures that nobody can verify.
 *
 * @throws {CryptoError} `key_unusable`
 */
export function importPrivateKey({ kty, crv, x, y, d }: PrivateJwk): KeyObject {
  if (kty !== 'EC' || crv !== 'P-256' || typeof d !== 'string' || !NUMBER.test(d)) {
    throw unusable('it must be of type EC on curve P-256, with a "d" of 32 bytes')
  }
  const { publicJwk, privateJwk } = keyPairOf(Buffer.from(d, 'base64url'))
  if (publicJwk.x !== x || publicJwk.y !== y) throw unusable('"x" and "y" are not the point of "d"')
  return createPrivateKey({ key: { ...privateJwk }, format: 'jwk' })
}

function jwksOf(scalar: Uint8Array, point: Buffer): KeyPair {
  const publicJwk: PublicJwk = {
    kty: 'EC',
    crv: 'P-256',
    x: point.toString('base64url', 1, 1 + NUMBER_BYTES),
    y: point.toString('base64url', 1 + NUMBER_BYTES),
  }
  // OpenSSL leaves out the zeros in front of a scalar.
  const d = Buffer.alloc(NUMBER_BYTES)
  d.set(scalar, NUMBER_BYTES - scalar.length)
  return { publicJwk, privateJwk: { ...publicJwk, d: d.toString('base64url') } }
}

/** The public point: `04‖x‖y`. */
function pointOf(scalar: Uint8Array): Buffer {
  const ecdh = createECDH(CURVE)
  try {
    ecdh.setPrivateKey(scalar)
    return ecdh.getPublicKey()
  } catch (cause) {
    throw unusable('its number is not one of the curve', cause)
  }
}

function unusable(why: string, cause?: unknown): CryptoError {
  return new CryptoError('key_unusable', `The private key cannot be used: ${why}`, { cause })
}
