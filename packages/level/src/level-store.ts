/** The store on any `abstract-level` database that nobody else writes to. */
import {
  type Entry,
  type Namespace,
  readCount,
  readKey,
  readNamespace,
  readOps,
  readRange,
  type Store,
  type StoreCapabilities,
} from '@facet-id/store'
import { readEntryCell, readRecordCell } from './cells.ts'
import { closedError } from './coded-error.ts'
import { commitJob, isExpired, versionText } from './commit-job.ts'
import { createCommitter } from './committer.ts'
import { type Database, databaseOf, type LevelDatabase } from './database.ts'
import {
  type Expiring,
  expiredBounds,
  keyOfRecord,
  logBounds,
  readExpiryKey,
  recordBounds,
  recordKey,
  seqOfLogEntry,
} from './layout.ts'
import { sweepJob } from './sweep-job.ts'
import { openVersions } from './versions.ts'

export interface LevelStorePorts {
  /** Milliseconds since the epoch; the system's clock unless told. */
  readonly now?: () => number
}

const MAX_OPS = 1000
const MAX_VALUE_BYTES = 2 ** 21
/** How many expired records go in one write. */
const SWEEP_STEP = 500

/**
 * Opens a store on a database: `new MemoryLevel()` in a test, any other engine elsewhere. The
 * database is the store's from then on, and is closed with it. For a directory use `openLevelStore`.
 *
 * @throws {StoreError} `format_unknown`, `store_corrupt`, `store_locked`, `store_full`, `store_unavailable`
 */
export function levelStore<K, V>(db: LevelDatabase<K, V>, ports: LevelStorePorts = {}): Promise<Store> {
  return startStore(databaseOf(db), { now: ports.now ?? Date.now, closing: async () => {} })
}

export interface StartPorts {
  readonly now: () => number
  /** Called after the last write, while the database is still held; not after a write has failed. */
  readonly closing: () => Promise<void>
}

/** Opens the database and the store on it; closes the database where that fails. */
export async function startStore(database: Database, { now, closing }: StartPorts): Promise<Store> {
  await database.open()
  try {
    return await storeOn(database, { now, closing })
  } catch (error) {
    await database.close()
    throw error
  }
}

async function storeOn(database: Database, { now, closing }: StartPorts): Promise<Store> {
  const versions = await openVersions(database)
  const committer = createCommitter(database, versions.reserve)
  const capabilities: StoreCapabilities = {
    shared: false,
    durability: database.durability,
    maxOps: MAX_OPS,
    maxValueBytes: MAX_VALUE_BYTES,
  }
  let closed: Promise<void> | undefined

  function ensureOpen(): void {
    if (closed !== undefined) throw closedError()
  }

  async function close(): Promise<void> {
    await committer.drain()
    if (committer.isSound()) await closing()
    await database.close()
  }

  /** The entry that the cell holds, unless it has expired. */
  function findEntry(ns: Namespace, at: string, cell: Uint8Array | undefined): Entry | undefined {
    if (cell === undefined) return undefined
    const { version, expiresAt, value } = readRecordCell(cell)
    if (isExpired({ expiresAt }, now())) return undefined
    const entry = { key: keyOfRecord(ns, at), value, version: versionText(version) }
    return expiresAt === undefined ? entry : { ...entry, expiresAt }
  }

  return {
    capabilities,
    async get(ns, key) {
      ensureOpen()
      const at = recordKey(readNamespace(ns), readKey(key))
      return findEntry(ns, at, await database.get(at))
    },
    async commit(ops) {
      ensureOpen()
      return committer.run(commitJob(readOps(ops, capabilities), { now, nextVersion: versions.next }))
    },
    async *range(ns, within) {
      ensureOpen()
      const { limit: left = Number.POSITIVE_INFINITY, ...bounds } = readRange(within)
      let count = 0
      if (left === 0) return
      for await (const [at, cell] of database.entries(recordBounds(readNamespace(ns), bounds))) {
        ensureOpen()
        const entry = findEntry(ns, at, cell)
        if (entry === undefined) continue
        yield entry
        if (++count === left) return
      }
    },
    async *read(log, from, limit = Number.MAX_SAFE_INTEGER) {
      ensureOpen()
      const name = readKey(log)
      const end = readCount(from, 'A sequence number') + readCount(limit, 'A limit')
      for await (const [at, cell] of database.entries(logBounds(name, from, end))) {
        ensureOpen()
        yield { seq: seqOfLogEntry(at), value: readEntryCell(cell) }
      }
    },
    async sweep(max) {
      ensureOpen()
      const moment = now()
      let left = readCount(max, 'A limit')
      while (left > 0) {
        const candidates: Expiring[] = []
        for await (const [at] of database.entries(expiredBounds(moment), Math.min(left, SWEEP_STEP))) {
          candidates.push(readExpiryKey(at))
        }
        if (candidates.length === 0) break
        ensureOpen()
        const swept = await committer.run(sweepJob(candidates, moment))
        left -= swept
      }
      return max - left
    },
    close() {
      closed ??= close()
      return closed
    },
  }
}
