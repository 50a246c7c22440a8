/** Keys made of one master key, one for each purpose (HKDF-SHA-256, RFC 5869). */
import { hkdfSync } from 'node:crypto'
import { CryptoError } from './error.ts'

const KEY_BYTES = 32

/**
 * The key for a purpose: the same for the same master and purpose, and telling nothing of the master
 * or of any other. A key of its own for sealing, for MACs and for each store.
 *
 * @param master 32 random bytes or more; never a passphrase, which needs {@link passphraseKey}
 * @param purpose such as `issuer/store`; its bytes are HKDF's `info`
 * @throws {CryptoError} `key_unusable`
 */
export function deriveKey(master: Uint8Array, purpose: string): Uint8Array {
  if (master.length < KEY_BYTES) {
    throw new CryptoError('key_unusable', `A master key has ${KEY_BYTES} bytes or more`)
  }
  return new Uint8Array(hkdfSync('sha256', master, '', `facet/${purpose}`, KEY_BYTES))
}
