/** JWE at native speed, on the calling thread: ECDH-ES with AES-GCM (RFC 7518 §4.6, §5.3). */
import {
  createCipheriv,
  createDecipheriv,
  createECDH,
  hash as digest,
  type ECDH,
  randomBytes,
} from 'node:crypto'
import { utf8 } from '@facet-id/credential/base64url'
import {
  type EncryptionJwk,
  type Jwe,
  type JweEncryption,
  type JweRecipient,
  writeJwe,
  writeJweHeader,
} from '@facet-id/credential/jwe'
import { agreedKey } from '../concat-kdf.ts'
import { CryptoError } from '../error.ts'
import { brokenJwe, ensureDistinctParties, recipientUnusable } from '../jwe-refusal.ts'
import { fitsAgreement } from '../key-form.ts'
import type { EncryptionPrivateJwk } from '../key-pair.ts'
import { curveNames } from './key.ts'

const CURVE = curveNames['P-256']
const UNCOMPRESSED = '04'
const SCALAR_BYTES = 32
const IV_BYTES = 12
const TAG = { authTagLength: 16 } as const

const ciphers = { A128GCM: 'aes-128-gcm', A256GCM: 'aes-256-gcm' } as const satisfies Record<
  JweEncryption,
  string
>

/** Fits the port `SealJwe`, and answers at once. @throws {CryptoError} `key_unusable`, `jwe_parties_alike` */
export function sealJwe(plain: Uint8Array, to: JweRecipient): string {
  const { key, enc, apu, apv } = to
  ensureDistinctParties(to)
  if (!fitsAgreement(key)) throw recipientUnusable()
  const ecdh = createECDH(CURVE)
  const point = ecdh.generateKeys()
  const contentKey = agreedKey(sharedWith(key, ecdh), to, sha256)
  const x = point.toString('base64url', 1, 1 + SCALAR_BYTES)
  const y = point.toString('base64url', 1 + SCALAR_BYTES)
  const protectedText = writeJweHeader({
    alg: 'ECDH-ES',
    enc,
    epk: { kty: 'EC', crv: 'P-256', x, y },
    ...(key.kid === undefined ? {} : { kid: key.kid }),
    ...(apu === undefined ? {} : { apu }),
    ...(apv === undefined ? {} : { apv }),
  })
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv(ciphers[enc], contentKey, iv, TAG)
  cipher.setAAD(utf8(protectedText))
  const ciphertext = Buffer.concat([cipher.update(plain), cipher.final()])
  return writeJwe({ protectedText, iv, ciphertext, tag: cipher.getAuthTag() })
}

/**
 * Opens with a private key. Fits the port `OpenJwe`, answers at once, and throws {@link CryptoError} `jwe_broken`.
 *
 * @throws {CryptoError} `key_unusable`: malformed, or its halves do not belong together
 */
export function jweOpenerOf(privateJwk: EncryptionPrivateJwk): (jwe: Jwe) => Uint8Array {
  const ecdh = importAgreement(privateJwk)
  return ({ header, protectedText, iv, ciphertext, tag }) => {
    try {
      const contentKey = agreedKey(sharedWith(header.epk, ecdh), header, sha256)
      const decipher = createDecipheriv(ciphers[header.enc], contentKey, iv, TAG)
      decipher.setAAD(utf8(protectedText))
      decipher.setAuthTag(tag)
      const plain = decipher.update(ciphertext)
      decipher.final()
      return new Uint8Array(plain)
    } catch (cause) {
      throw brokenJwe(cause)
    }
  }
}

function importAgreement(jwk: EncryptionPrivateJwk): ECDH {
  const scalar = typeof jwk.d === 'string' ? Buffer.from(jwk.d, 'base64url') : Buffer.alloc(0)
  if (!fitsAgreement(jwk) || scalar.length !== SCALAR_BYTES || scalar.toString('base64url') !== jwk.d) {
    throw unusable()
  }
  const ecdh = createECDH(CURVE)
  try {
    ecdh.setPrivateKey(scalar)
  } catch (cause) {
    throw unusable(cause)
  }
  if (ecdh.getPublicKey('hex') !== pointOf(jwk)) throw unusable()
  return ecdh
}

/**
 * The x coordinate alone. OpenSSL takes in no point that is not on the curve; whatever goes wrong with it is told
 * as a key that nothing can be encrypted to.
 */
function sharedWith(key: EncryptionJwk, ecdh: ECDH): Buffer {
  try {
    return ecdh.computeSecret(pointOf(key), 'hex')
  } catch (cause) {
    throw recipientUnusable(cause)
  }
}

function pointOf({ x, y }: EncryptionJwk): string {
  return UNCOMPRESSED + hexOf(x) + hexOf(y)
}

function hexOf(coordinate: string): string {
  return Buffer.from(coordinate, 'base64url').toString('hex')
}

function sha256(bytes: Uint8Array): Buffer {
  return digest('sha256', bytes, 'buffer')
}

function unusable(cause?: unknown): CryptoError {
  const why = 'it is no ECDH-ES key on P-256, or its halves do not belong together'
  return new CryptoError('key_unusable', `The private key cannot be used: ${why}`, { cause })
}
