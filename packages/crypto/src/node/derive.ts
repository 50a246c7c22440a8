/** Keys made of one master key, one for each purpose (HKDF-SHA-256, RFC 5869). */
import { hkdfSync } from 'node:crypto'
import { DERIVED_BYTES, ensureMaster, infoOf } from '../key-bytes.ts'

/**
 * The key for a purpose: the same for the same master and purpose, and telling nothing of the master
 * or of any other. A key of its own for sealing, for MACs and for each store.
 *
 * @param master 32 random bytes or more; never a passphrase, which needs {@link passphraseKey}
 * @param purpose such as `issuer/store`; its bytes are HKDF's `info`
 * @throws {CryptoError} `key_unusable`
 */
export function deriveKey(master: Uint8Array, purpose: string): Uint8Array {
  ensureMaster(master)
  return new Uint8Array(hkdfSync('sha256', master, '', infoOf(purpose), DERIVED_BYTES))
}
