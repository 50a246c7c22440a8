/** Seals and opens what rests by WebCrypto, in the form of every other implementation. */
import {
  authenticated,
  broken,
  ensureSealKey,
  NONCE_BYTES,
  readSealed,
  type Sealer,
  writeSealed,
} from '../seal-form.ts'
import { random } from './random.ts'
import type { WebKey } from './web-key.ts'

const AES_GCM = 'AES-GCM'

/**
 * Seals and opens under the key.
 *
 * @param key 32 bytes; copied into a handle that does not give it back
 * @throws {CryptoError} `key_unusable`
 */
export function sealerOf(key: Uint8Array): Sealer {
  ensureSealKey(key)
  // The copy is made now, whatever the caller does with its bytes while the import is under way.
  const imported: Promise<WebKey> = crypto.subtle.importKey('raw', Uint8Array.from(key), AES_GCM, false, [
    'encrypt',
    'decrypt',
  ])
  return {
    async seal(plain, associated) {
      const nonce = random(NONCE_BYTES)
      const how = { name: AES_GCM, iv: nonce, additionalData: authenticated(associated) }
      return writeSealed({
        nonce,
        body: new Uint8Array(await crypto.subtle.encrypt(how, await imported, plain)),
      })
    },
    async open(sealed, associated) {
      const { nonce, body } = readSealed(sealed)
      const how = { name: AES_GCM, iv: nonce, additionalData: authenticated(associated) }
      try {
        return new Uint8Array(await crypto.subtle.decrypt(how, await imported, body))
      } catch (cause) {
        throw broken(cause)
      }
    },
  }
}
