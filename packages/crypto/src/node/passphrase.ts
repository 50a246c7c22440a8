/** Keys made of a passphrase, slowly, so that guessing is dear (scrypt, RFC 7914). */
import { scrypt } from 'node:crypto'
import type { KdfParams } from '@facet-id/store'
import { PASSPHRASE_KEY_BYTES, type PassphraseParams, readPassphraseWork } from '../passphrase-cost.ts'
import { type NodeSealer, sealerOf } from './seal.ts'

/**
 * The key of a passphrase: 32 bytes. The passphrase is brought to Unicode form NFKC first, so that
 * keyboards that write `é` in different ways agree. Runs off the event loop.
 *
 * @throws {CryptoError} `passphrase_empty`; `passphrase_cost_refused` for a salt of less than 16 bytes,
 * an N that is less than 2¹⁴ or no power of two, more than 256 MiB (128 · N · r), a p above 4
 */
export async function passphraseKey(passphrase: string, params: PassphraseParams): Promise<Uint8Array> {
  const { text, salt, ...cost } = readPassphraseWork(passphrase, params)
  return new Promise((resolve, reject) => {
    scrypt(text, salt, PASSPHRASE_KEY_BYTES, cost, (error, key) => {
      if (error === null) resolve(new Uint8Array(key))
      else reject(error)
    })
  })
}

/**
 * What seals under a passphrase. Fits the port `derive` of the store's `openWithPassphrase`.
 *
 * @throws {CryptoError} as {@link passphraseKey}
 */
export async function derivePassphraseSealer(passphrase: string, params: KdfParams): Promise<NodeSealer> {
  const { salt, N, r, p } = params
  return sealerOf(await passphraseKey(passphrase, { salt, N, r, p }))
}
