/**
 * Authenticated encryption: AES-256-GCM (NIST SP 800-38D) with a random nonce.
 *
 * ```
 * 1 byte    format, 0x01; authenticated too
 * 12 bytes  nonce
 * n bytes   ciphertext
 * 16 bytes  tag
 * ```
 *
 * A random nonce of 96 bits is good for 2³² seals under one key (§8.3).
 */
import { createCipheriv, createDecipheriv, createSecretKey, randomFillSync } from 'node:crypto'
import { CryptoError } from './error.ts'

const CIPHER = 'aes-256-gcm'
const FORMAT = 1
const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16
const HEAD_BYTES = 1 + NONCE_BYTES

/** Fits the ports `Seal` and `Open`, and answers at once. */
export interface NodeSealer {
  /** @param associated authenticated but not kept: who opens must know it; well-formed text */
  seal(plain: Uint8Array, associated: string): Uint8Array
  /** @throws {CryptoError} `seal_broken`; `seal_format_unknown` */
  open(sealed: Uint8Array, associated: string): Uint8Array
}

/**
 * Seals and opens under the key.
 *
 * @param key 32 bytes; copied
 * @throws {CryptoError} `key_unusable`
 */
export function sealerOf(key: Uint8Array): NodeSealer {
  if (key.length !== KEY_BYTES) {
    throw new CryptoError('key_unusable', `A key that seals has ${KEY_BYTES} bytes`)
  }
  const secret = createSecretKey(key)
  return {
    seal(plain, associated) {
      const sealed = new Uint8Array(HEAD_BYTES + plain.length + TAG_BYTES)
      sealed[0] = FORMAT
      const nonce = randomFillSync(sealed.subarray(1, HEAD_BYTES))
      const cipher = createCipheriv(CIPHER, secret, nonce, { authTagLength: TAG_BYTES })
      cipher.setAAD(authenticated(associated))
      sealed.set(cipher.update(plain), HEAD_BYTES)
      cipher.final()
      sealed.set(cipher.getAuthTag(), HEAD_BYTES + plain.length)
      return sealed
    },
    open(sealed, associated) {
      if (sealed.length < HEAD_BYTES + TAG_BYTES) throw broken()
      if (sealed[0] !== FORMAT) {
        throw new CryptoError('seal_format_unknown', 'Sealed in a form that this release does not know')
      }
      const nonce = sealed.subarray(1, HEAD_BYTES)
      const decipher = createDecipheriv(CIPHER, secret, nonce, { authTagLength: TAG_BYTES })
      decipher.setAAD(authenticated(associated))
      decipher.setAuthTag(sealed.subarray(-TAG_BYTES))
      const plain = decipher.update(sealed.subarray(HEAD_BYTES, -TAG_BYTES))
      try {
        decipher.final()
      } catch (cause) {
        throw broken(cause)
      }
      return new Uint8Array(plain)
    },
  }
}

function authenticated(associated: string): Uint8Array {
  return Buffer.concat([Uint8Array.of(FORMAT), Buffer.from(associated, 'utf8')])
}

function broken(cause?: unknown): CryptoError {
  return new CryptoError('seal_broken', 'What was sealed was changed or moved, or the key is another', {
    cause,
  })
}
