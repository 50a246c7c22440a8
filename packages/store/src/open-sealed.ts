/**
 * Opening a store that is sealed: by a key, or by a passphrase. The first opening writes the header,
 * each later one holds the key against it, so that a wrong one is refused at once and nothing is
 * written under it.
 *
 * Neither closes the store it was given when it throws: its owner does.
 */
import { StoreError } from './error.ts'
import {
  fitsHeader,
  type KdfCost,
  type KdfParams,
  readKdfCost,
  readSealHeader,
  writeSealHeader,
} from './seal-header.ts'
import { type Sealer, sealedStore } from './sealed.ts'
import type { Store } from './store.ts'

/** A key, and how it was derived where the caller derived it from a passphrase. */
export interface SealKey extends Sealer {
  /** Kept in the clear in the header at the first opening; not looked at later. */
  readonly params?: KdfParams
}

export interface PassphrasePorts {
  /** scrypt over the UTF-8 of the passphrase, then authenticated encryption under what comes out. */
  readonly derive: (passphrase: string, params: KdfParams) => Sealer | Promise<Sealer>
  /** That many bytes of cryptographic randomness. */
  readonly random: (bytes: number) => Uint8Array
  /** The cost of a new store; 128 MiB and some tenths of a second unless told. */
  readonly cost?: KdfCost
}

const DEFAULT_COST: KdfCost = { N: 2 ** 17, r: 8, p: 1 }

/**
 * Opens a sealed store with its key. At the first opening the key becomes the store's.
 *
 * @throws {StoreError} `key_wrong`, `seal_broken`, `format_unknown`
 */
export async function openSealed(store: Store, key: SealKey): Promise<Store> {
  const header = (await readSealHeader(store)) ?? (await writeSealHeader(store, key, key.params))
  if (await fitsHeader(header, key)) return sealedStore(store, key)
  throw new StoreError(
    'key_wrong',
    'The key does not open this store: give the key that it was first opened with',
  )
}

/**
 * Opens a sealed store with a passphrase. At the first opening the passphrase becomes the store's.
 * It is brought to Unicode form NFKC first, so that every keyboard writes the same one.
 *
 * @throws {StoreError} `passphrase_wrong`, `key_missing`: the store was sealed by a key; `seal_broken`,
 *   `format_unknown`
 */
export async function openWithPassphrase(
  store: Store,
  passphrase: string,
  ports: PassphrasePorts,
): Promise<Store> {
  if (passphrase === '') throw new StoreError('passphrase_wrong', 'A passphrase has at least one character')
  const text = passphrase.normalize('NFKC')
  let header = await readSealHeader(store)
  if (header === undefined) {
    const params: KdfParams = {
      kdf: 'scrypt',
      salt: ports.random(16),
      ...readKdfCost(ports.cost ?? DEFAULT_COST),
    }
    const sealer = await ports.derive(text, params)
    header = await writeSealHeader(store, sealer, params)
    // Another opening may have written its header first, with its own salt: then that one counts.
    if (await fitsHeader(header, sealer)) return sealedStore(store, sealer)
  }
  if (header.params === undefined) {
    throw new StoreError(
      'key_missing',
      'This store was sealed by a key, not by a passphrase: open it with its key',
    )
  }
  const sealer = await ports.derive(text, header.params)
  if (await fitsHeader(header, sealer)) return sealedStore(store, sealer)
  throw new StoreError('passphrase_wrong', 'The passphrase does not open this store: try again')
}
