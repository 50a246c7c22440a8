/** Keys made of a passphrase in plain JavaScript (scrypt, RFC 7914). */

import { utf8 } from '@facet-id/credential/base64url'
import { scrypt, scryptAsync } from '@noble/hashes/scrypt.js'
import { PASSPHRASE_KEY_BYTES, type PassphraseParams, readPassphraseWork } from '../passphrase-cost.ts'

/**
 * The key of a passphrase: 32 bytes, the same as every other implementation makes. Some seconds of the calling
 * thread, with a turn for others now and then where the engine has timers.
 *
 * @throws {CryptoError} `passphrase_empty`, `passphrase_cost_refused`
 */
export async function passphraseKey(passphrase: string, params: PassphraseParams): Promise<Uint8Array> {
  const { text, salt, ...cost } = readPassphraseWork(passphrase, params)
  const how = { ...cost, dkLen: PASSPHRASE_KEY_BYTES }
  return 'setTimeout' in globalThis ? scryptAsync(utf8(text), salt, how) : scrypt(utf8(text), salt, how)
}
