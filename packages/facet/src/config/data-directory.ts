/** A data directory: the sealed store of one party, and what it must find again to be the same party. */
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { deriveKey, sealerOf } from '@facet-id/crypto/node'
import { openLevelStore } from '@facet-id/level'
import { openSealed, type Store } from '@facet-id/store'
import { keyFileOf, openKeyFile } from './key-file.ts'

export type Environment = Readonly<Record<string, string | undefined>>

export interface OpenedData {
  /** Sealed: whatever is put in it rests encrypted. */
  readonly store: Store
  /** 32 bytes for one purpose, always the same for the same key file. */
  deriveKey(purpose: string): Uint8Array
  close(): Promise<void>
}

/**
 * Opens the data directory of a node, and makes it on first use.
 *
 * @throws {FacetError} `key_file_…`; {StoreError} `store_locked`, `store_corrupt`, `key_wrong`
 */
export async function openNodeData(directory: string, environment: Environment): Promise<OpenedData> {
  await mkdir(directory, { recursive: true, mode: 0o700 })
  const location = join(directory, 'store')
  const key = await openKeyFile(keyFileOf(directory, environment), directory, existsSync(location))
  const level = await openLevelStore({ location })
  try {
    const store = await openSealed(level, sealerOf(deriveKey(key, 'facet store')))
    return { store, deriveKey: (purpose) => deriveKey(key, purpose), close: () => level.close() }
  } catch (error) {
    await level.close()
    throw error
  }
}
