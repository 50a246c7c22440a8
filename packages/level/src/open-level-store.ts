/** The store in a directory: the embedded default of one process. */
import { mkdir, stat } from 'node:fs/promises'
import { type Store, StoreError } from '@facet-id/store'
import { Level } from 'level'
import { codedError } from './coded-error.ts'
import { databaseOf } from './database.ts'
import { checkDirectory, markClean, removeMark } from './directory.ts'
import { startStore } from './level-store.ts'

export interface OpenLevelStoreOptions {
  /** The directory; made, readable by its owner only, where it is missing. */
  readonly location: string
  /** Milliseconds since the epoch; the system's clock unless told. */
  readonly now?: () => number
}

/**
 * What is sealed cannot be compressed. And what is written is sorted into files 32 MiB at a time: with the engine's 4 a
 * busy node had it rewrite what it holds eight times as often, on a core that the node then lacked.
 */
const ENGINE = { compression: false, writeBufferSize: 2 ** 25 }

/**
 * The directories that are open in this process, by device and inode. The one piece of module state,
 * because the state that it mirrors is the process's: a second attempt of the engine to open a
 * directory fails, and on failing releases the lock of the first, so that another process may then
 * write to the same files.
 */
const held = new Map<string, symbol>()

/**
 * Opens the store in a directory. One process, and in it one handle, owns it at a time.
 *
 * After `store_full` or `store_unavailable` a store writes nothing more, and reads go on: close it,
 * mend the cause, open it again; what was acknowledged is there. A commit that failed with either is
 * in doubt: it may be found done after opening again.
 *
 * @throws {StoreError} `store_locked`, `store_corrupt`, `store_full`, `store_unavailable`,
 *   `format_unknown`; no data was changed then
 */
export async function openLevelStore({ location, now = Date.now }: OpenLevelStoreOptions): Promise<Store> {
  const identity = await coded(() => identityOf(location))
  if (held.has(identity)) {
    throw new StoreError(
      'store_locked',
      'The store is open already in this process: use that handle, or close it before opening again',
    )
  }
  const handle = Symbol('handle')
  held.set(identity, handle)
  /** Gives the directory free, unless it already belongs to a later handle. */
  const release = (): void => {
    if (held.get(identity) === handle) held.delete(identity)
  }
  try {
    await coded(() => checkDirectory(location))
    await coded(() => removeMark(location))
    const database = databaseOf(new Level(location, ENGINE))
    async function close(): Promise<void> {
      await database.close()
      release()
    }
    // Without a mark the next opening trusts the engine's recovery: no reason to fail the closing.
    const closing = (): Promise<void> => markClean(location).catch(() => {})
    return await startStore({ ...database, close }, { now, closing })
  } catch (error) {
    release()
    throw error
  }
}

async function identityOf(location: string): Promise<string> {
  await mkdir(location, { recursive: true, mode: 0o700 })
  const { dev, ino } = await stat(location, { bigint: true })
  return `${dev}:${ino}`
}

async function coded<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (error) {
    throw codedError(error)
  }
}
