/** Keys made of a passphrase, slowly, so that guessing is dear (scrypt, RFC 7914). */
import { scrypt } from 'node:crypto'
import type { KdfCost, KdfParams } from '@facet-id/store'
import { CryptoError } from './error.ts'
import { type NodeSealer, sealerOf } from './seal.ts'

/** What is needed besides the passphrase. */
export interface PassphraseParams extends Partial<KdfCost> {
  /** 16 random bytes or more, of this passphrase only; kept beside what the key protects. */
  readonly salt: Uint8Array
}

/** 128 MiB and some tenths of a second. */
const DEFAULT_COST: KdfCost = { N: 2 ** 17, r: 8, p: 1 }
const KEY_BYTES = 32
const MIN_SALT_BYTES = 16
const MIN_N = 2 ** 14
const MAX_P = 4
const MAX_MEMORY_BYTES = 2 ** 28
/** What scrypt takes beside its work area of 128 · N · r bytes. */
const MEMORY_MARGIN = 2 ** 20

/**
 * The key of a passphrase: 32 bytes. The passphrase is brought to Unicode form NFKC first, so that
 * keyboards that write `é` in different ways agree. Runs off the event loop.
 *
 * @throws {CryptoError} `passphrase_empty`; `passphrase_cost_refused` for a salt of less than 16 bytes,
 * an N that is less than 2¹⁴ or no power of two, more than 256 MiB (128 · N · r), a p above 4
 */
export async function passphraseKey(passphrase: string, params: PassphraseParams): Promise<Uint8Array> {
  if (passphrase === '') throw new CryptoError('passphrase_empty', 'A passphrase has at least one character')
  const { salt, ...cost } = { ...DEFAULT_COST, ...params }
  ensureSane(salt, cost)
  const { N, r, p } = cost
  const text = passphrase.normalize('NFKC')
  return new Promise((resolve, reject) => {
    scrypt(text, salt, KEY_BYTES, { N, r, p, maxmem: MAX_MEMORY_BYTES + MEMORY_MARGIN }, (error, key) => {
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

/** Parameters come from disk: neither may they weaken the key, nor take all memory or days. */
function ensureSane(salt: Uint8Array, { N, r, p }: KdfCost): void {
  const isWork = [N, r, p].every((n) => Number.isSafeInteger(n) && n > 0) && Number.isInteger(Math.log2(N))
  if (
    isWork &&
    salt.length >= MIN_SALT_BYTES &&
    N >= MIN_N &&
    p <= MAX_P &&
    128 * N * r <= MAX_MEMORY_BYTES
  ) {
    return
  }
  throw new CryptoError(
    'passphrase_cost_refused',
    `scrypt takes a salt of ${MIN_SALT_BYTES} bytes or more, N a power of two from ${MIN_N}, p up to ${MAX_P}, 128·N·r up to ${MAX_MEMORY_BYTES}`,
  )
}
