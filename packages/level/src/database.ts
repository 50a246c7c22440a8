/**
 * The engine as the store uses it: text keys, bytes for values, coded errors, and writes that are on
 * the disk when they are acknowledged.
 */
import type { AbstractLevel } from 'abstract-level'
import { codedError } from './coded-error.ts'
import { type Bounds, isLookedUp } from './layout.ts'
import { createRecent } from './recent.ts'

/** Any `abstract-level` 3 database, whatever its default encodings are. */
export type LevelDatabase<K = unknown, V = unknown> = AbstractLevel<string | Buffer | Uint8Array, K, V>

export interface Database {
  /** What the engine's acknowledgement has survived. */
  readonly durability: 'memory' | 'disk'
  open(): Promise<void>
  get(key: string): Promise<Uint8Array | undefined>
  getMany(keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]>
  /** All or nothing; `undefined` deletes. */
  write(changes: ReadonlyMap<string, Uint8Array | undefined>): Promise<void>
  entries(bounds: Bounds, limit?: number): AsyncIterable<readonly [string, Uint8Array]>
  close(): Promise<void>
}

const encoder = new TextEncoder()
const ENCODINGS = { keyEncoding: 'utf8', valueEncoding: 'view' } as const
const BYTES = { keyEncoding: 'view', valueEncoding: 'view' } as const
/** `sync` is no option of every engine, but of the one that has a disk beneath it. */
const DURABLE = { ...ENCODINGS, sync: true }

/**
 * Up to so many records are read on the calling thread, which costs a twentieth of asking another one for each; what
 * is written lately is in memory. With more nobody else would get a turn.
 */
const READ_AT_ONCE = 64

/** Some thousand records, so that what a flow has written is still there when its next step asks for it. */
const REMEMBERED_BYTES = 2 ** 22

const NOTHING: ReadonlyMap<string, unknown> = new Map()

/** Wraps a database, to which one write goes at a time; every method rejects with {StoreError}. */
export function databaseOf<K, V>(db: LevelDatabase<K, V>): Database {
  const recent = createRecent(REMEMBERED_BYTES)
  /** Between the engine's having done a write and its saying so, nobody knows which it is; so the engine is asked. */
  let underWay: ReadonlyMap<string, unknown> = NOTHING
  const isRemembered = (key: string): boolean => !underWay.has(key) && recent.has(key)
  // Remembered is only what was read without waiting: meanwhile it could have been written again.
  const readNow =
    'getSync' in db.supports && db.supports.getSync === true
      ? (key: string) =>
          underWay.has(key) ? getNow(db, key) : recent.find(key, (missing) => getNow(db, missing))
      : undefined

  return {
    durability: db.supports.permanence ? 'disk' : 'memory',
    open: () => coded(db.open()),
    async get(key) {
      return readNow === undefined ? coded(db.get<string, Uint8Array>(key, ENCODINGS)) : readNow(key)
    },
    async getMany(keys) {
      if (readNow === undefined) return coded(db.getMany<string, Uint8Array>([...keys], ENCODINGS))
      const missing = keys.filter((key) => !isRemembered(key))
      if (missing.length <= READ_AT_ONCE) return keys.map(readNow)
      const cells = await coded(db.getMany<string, Uint8Array>(missing, ENCODINGS))
      const found = new Map(missing.map((key, index) => [key, cells[index]]))
      return keys.map((key) => (found.has(key) ? found.get(key) : readNow(key)))
    },
    async write(changes) {
      const operations = Array.from(changes, ([key, value]) =>
        value === undefined ? ({ type: 'del', key } as const) : ({ type: 'put', key, value } as const),
      )
      underWay = changes
      try {
        await coded(db.batch<string, Uint8Array>(operations, DURABLE))
        if (readNow === undefined) return
        for (const [key, cell] of changes) if (isLookedUp(key)) recent.note(key, cell)
      } catch (error) {
        recent.forget()
        throw error
      } finally {
        underWay = NOTHING
      }
    },
    async *entries(bounds, limit = -1) {
      try {
        yield* db.iterator<string, Uint8Array>({ ...ENCODINGS, ...bounds, limit })
      } catch (error) {
        throw codedError(error)
      }
    },
    close: () => coded(db.close()),
  }
}

/** The key as bytes: handed over as text, one that ends in a wide letter may be read cut short. */
function getNow<K, V>(db: LevelDatabase<K, V>, key: string): Uint8Array | undefined {
  try {
    return db.getSync<Uint8Array, Uint8Array>(encoder.encode(key), BYTES)
  } catch (error) {
    throw codedError(error)
  }
}

async function coded<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked
  } catch (error) {
    throw codedError(error)
  }
}
