/** Seals and opens what rests, at native speed, on the calling thread. */
import { createCipheriv, createDecipheriv, createSecretKey, randomFillSync } from 'node:crypto'
import {
  authenticated,
  broken,
  ensureSealKey,
  HEAD_BYTES,
  readSealed,
  SEAL_FORMAT,
  type Sealer,
  TAG_BYTES,
} from '../seal-form.ts'

const CIPHER = 'aes-256-gcm'

/** A `Sealer` that answers at once. */
export interface NodeSealer extends Sealer {
  seal(plain: Uint8Array, associated: string): Uint8Array
  open(sealed: Uint8Array, associated: string): Uint8Array
}

/**
 * Seals and opens under the key.
 *
 * @param key 32 bytes; copied
 * @throws {CryptoError} `key_unusable`
 */
export function sealerOf(key: Uint8Array): NodeSealer {
  ensureSealKey(key)
  const secret = createSecretKey(key)
  return {
    seal(plain, associated) {
      const sealed = new Uint8Array(HEAD_BYTES + plain.length + TAG_BYTES)
      sealed[0] = SEAL_FORMAT
      const nonce = randomFillSync(sealed.subarray(1, HEAD_BYTES))
      const cipher = createCipheriv(CIPHER, secret, nonce, { authTagLength: TAG_BYTES })
      cipher.setAAD(authenticated(associated))
      sealed.set(cipher.update(plain), HEAD_BYTES)
      cipher.final()
      sealed.set(cipher.getAuthTag(), HEAD_BYTES + plain.length)
      return sealed
    },
    open(sealed, associated) {
      const { nonce, body } = readSealed(sealed)
      const decipher = createDecipheriv(CIPHER, secret, nonce, { authTagLength: TAG_BYTES })
      decipher.setAAD(authenticated(associated))
      decipher.setAuthTag(body.subarray(-TAG_BYTES))
      const plain = decipher.update(body.subarray(0, -TAG_BYTES))
      try {
        decipher.final()
      } catch (cause) {
        throw broken(cause)
      }
      return new Uint8Array(plain)
    },
  }
}
