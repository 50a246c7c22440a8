/** Seals and opens what rests, in plain JavaScript, in the form of every other implementation. */

import type { Random } from '@facet-id/credential/jose'
import { gcm } from '@noble/ciphers/aes.js'
import {
  authenticated,
  broken,
  ensureSealKey,
  NONCE_BYTES,
  readSealed,
  type Sealer,
  writeSealed,
} from '../seal-form.ts'

/** A `Sealer` that answers at once. */
export interface PortableSealer extends Sealer {
  seal(plain: Uint8Array, associated: string): Uint8Array
  open(sealed: Uint8Array, associated: string): Uint8Array
}

/**
 * Seals and opens under the key.
 *
 * @param key 32 bytes; copied
 * @throws {CryptoError} `key_unusable`
 */
export function sealerOf(key: Uint8Array, random: Random): PortableSealer {
  ensureSealKey(key)
  const secret = Uint8Array.from(key)
  return {
    seal(plain, associated) {
      const nonce = random(NONCE_BYTES)
      return writeSealed({ nonce, body: gcm(secret, nonce, authenticated(associated)).encrypt(plain) })
    },
    open(sealed, associated) {
      const { nonce, body } = readSealed(sealed)
      try {
        return gcm(secret, nonce, authenticated(associated)).decrypt(body)
      } catch (cause) {
        throw broken(cause)
      }
    },
  }
}
