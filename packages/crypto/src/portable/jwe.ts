/** JWE in plain JavaScript: ECDH-ES with AES-GCM (RFC 7518 §4.6, §5.3). */

import { utf8 } from '@facet-id/credential/base64url'
import type { Random } from '@facet-id/credential/jose'
import {
  type EncryptionJwk,
  type Jwe,
  type JweRecipient,
  writeJwe,
  writeJweHeader,
} from '@facet-id/credential/jwe'
import { gcm } from '@noble/ciphers/aes.js'
import { p256 } from '@noble/curves/nist.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { agreedKey } from '../concat-kdf.ts'
import { CryptoError } from '../error.ts'
import { brokenJwe, ensureDistinctParties, recipientUnusable } from '../jwe-refusal.ts'
import { fitsAgreement } from '../key-form.ts'
import type { EncryptionPrivateJwk } from '../key-pair.ts'
import { pointOf } from './curve.ts'
import { drawScalar, ecPairOf, secretOf } from './key.ts'

const IV_BYTES = 12
const TAG_BYTES = 16

/** Fits the port `SealJwe`, once it has its randomness. @throws {CryptoError} `key_unusable`, `jwe_parties_alike` */
export function sealJwe(plain: Uint8Array, to: JweRecipient, random: Random): string {
  const { key, enc, apu, apv } = to
  ensureDistinctParties(to)
  const point = findPoint(key)
  if (point === undefined) throw recipientUnusable()
  const scalar = drawScalar('P-256', random)
  const { x, y } = ecPairOf('P-256', scalar).publicJwk
  const protectedText = writeJweHeader({
    alg: 'ECDH-ES',
    enc,
    epk: { kty: 'EC', crv: 'P-256', x, y },
    ...(key.kid === undefined ? {} : { kid: key.kid }),
    ...(apu === undefined ? {} : { apu }),
    ...(apv === undefined ? {} : { apv }),
  })
  const iv = random(IV_BYTES)
  const contentKey = agreedKey(shared(scalar, point), to, sha256)
  const body = gcm(contentKey, iv, utf8(protectedText)).encrypt(plain)
  return writeJwe({
    protectedText,
    iv,
    ciphertext: body.subarray(0, -TAG_BYTES),
    tag: body.subarray(-TAG_BYTES),
  })
}

/**
 * Opens with a private key. Fits the port `OpenJwe`, and throws {@link CryptoError} `jwe_broken`.
 *
 * @throws {CryptoError} `key_unusable`
 */
export function jweOpenerOf(privateJwk: EncryptionPrivateJwk): (jwe: Jwe) => Uint8Array {
  if (!fitsAgreement(privateJwk)) {
    throw new CryptoError('key_unusable', 'The private key cannot be used: it is no ECDH-ES key on P-256')
  }
  const { kty, crv, x, y, d } = privateJwk
  const secret = secretOf({ kty, crv, x, y, d })
  return ({ header, protectedText, iv, ciphertext, tag }) => {
    try {
      const contentKey = agreedKey(shared(secret, pointOf(header.epk)), header, sha256)
      const body = new Uint8Array(ciphertext.length + tag.length)
      body.set(ciphertext)
      body.set(tag, ciphertext.length)
      return gcm(contentKey, iv, utf8(protectedText)).decrypt(body)
    } catch (cause) {
      throw brokenJwe(cause)
    }
  }
}

/** The x coordinate alone: noble puts the sign of y before it. */
function shared(secret: Uint8Array, point: Uint8Array): Uint8Array {
  return p256.getSharedSecret(secret, point, true).subarray(1)
}

function findPoint(key: EncryptionJwk): Uint8Array | undefined {
  if (!fitsAgreement(key)) return undefined
  try {
    return pointOf(key)
  } catch {
    return undefined
  }
}
