/** A data directory: the sealed store of one party, and what it must find again to be the same party. */
import { constants, existsSync } from 'node:fs'
import { access, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { deriveKey, sealerOf } from '@facet-id/crypto/node'
import { openLevelStore } from '@facet-id/level'
import { openSealed, type Store } from '@facet-id/store'
import { type Clock, systemClock } from '../clock.ts'
import { FacetError } from '../error.ts'
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
 * @throws {FacetError} `data_directory_unusable`, `key_file_…`; {StoreError} `store_locked`,
 * `store_corrupt`, `key_wrong`
 */
export async function openNodeData(
  directory: string,
  environment: Environment,
  clock: Clock = systemClock,
): Promise<OpenedData> {
  await makeDataDirectory(directory)
  const location = storeIn(directory)
  const key = await openKeyFile(keyFileOf(directory, environment), directory, existsSync(location))
  const level = await openLevelStore({ location, now: () => clock.now() * 1000 })
  try {
    const store = await openSealed(level, sealerOf(deriveKey(key, 'facet store')))
    return { store, deriveKey: (purpose) => deriveKey(key, purpose), close: () => level.close() }
  } catch (error) {
    await level.close()
    throw error
  }
}

/** Where in a data directory the store is. */
export function storeIn(directory: string): string {
  return join(directory, 'store')
}

/**
 * Makes the directory where it is missing, for its owner only.
 *
 * @throws {FacetError} `data_directory_unusable`
 */
export async function makeDataDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 })
    await access(directory, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (cause) {
    throw new FacetError(
      'data_directory_unusable',
      `The data directory cannot be made or written to: ${directory}; choose another with --data`,
      { cause },
    )
  }
}
