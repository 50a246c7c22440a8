/** What a key made of a passphrase may cost (scrypt, RFC 7914), the same for every implementation. */
import type { KdfCost } from '@facet-id/store'
import { CryptoError } from './error.ts'

/** What is needed besides the passphrase. */
export interface PassphraseParams extends Partial<KdfCost> {
  /** 16 random bytes or more, of this passphrase only; kept beside what the key protects. */
  readonly salt: Uint8Array
}

/** 128 MiB and some tenths of a second at native speed. */
const DEFAULT_COST: KdfCost = { N: 2 ** 17, r: 8, p: 1 }
const MIN_SALT_BYTES = 16
const MIN_N = 2 ** 14
const MAX_P = 4
const MAX_MEMORY_BYTES = 2 ** 28
/** What scrypt takes beside its work area of 128 · N · r bytes. */
const MEMORY_MARGIN = 2 ** 20

export const PASSPHRASE_KEY_BYTES = 32

/** What scrypt is given. */
export interface PassphraseWork extends KdfCost {
  /** In Unicode form NFKC, so that keyboards that write `é` in different ways agree. */
  readonly text: string
  readonly salt: Uint8Array
  readonly maxmem: number
}

/**
 * Checks what came from a person and from a disk: it may neither weaken the key, nor take all memory or days.
 *
 * @throws {CryptoError} `passphrase_empty`; `passphrase_cost_refused` for a salt of less than 16 bytes,
 * an N that is less than 2¹⁴ or no power of two, more than 256 MiB (128 · N · r), a p above 4
 */
export function readPassphraseWork(passphrase: string, params: PassphraseParams): PassphraseWork {
  if (passphrase === '') throw new CryptoError('passphrase_empty', 'A passphrase has at least one character')
  const { salt, N, r, p } = { ...DEFAULT_COST, ...params }
  ensureSane(salt, { N, r, p })
  return { text: passphrase.normalize('NFKC'), salt, N, r, p, maxmem: MAX_MEMORY_BYTES + MEMORY_MARGIN }
}

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
