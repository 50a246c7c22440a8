/**
 * The engine as the store uses it: text keys, bytes for values, coded errors, and writes that are on
 * the disk when they are acknowledged.
 */
import type { AbstractLevel } from 'abstract-level'
import { codedError } from './coded-error.ts'
import type { Bounds } from './layout.ts'

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

const ENCODINGS = { keyEncoding: 'utf8', valueEncoding: 'view' } as const
/** `sync` is no option of every engine, but of the one that has a disk beneath it. */
const DURABLE = { ...ENCODINGS, sync: true }

/** Wraps a database; every method rejects with {StoreError}. */
export function databaseOf<K, V>(db: LevelDatabase<K, V>): Database {
  return {
    durability: db.supports.permanence ? 'disk' : 'memory',
    open: () => coded(db.open()),
    get: (key) => coded(db.get<string, Uint8Array>(key, ENCODINGS)),
    getMany: (keys) => coded(db.getMany<string, Uint8Array>([...keys], ENCODINGS)),
    write(changes) {
      const operations = Array.from(changes, ([key, value]) =>
        value === undefined ? ({ type: 'del', key } as const) : ({ type: 'put', key, value } as const),
      )
      return coded(db.batch<string, Uint8Array>(operations, DURABLE))
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

async function coded<T>(asked: Promise<T>): Promise<T> {
  try {
    return await asked
  } catch (error) {
    throw codedError(error)
  }
}
