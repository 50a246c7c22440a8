/** The shelf of a browser: IndexedDB, which keeps handles of keys as handles. */
import type { KeyShelf, ShelvedKey } from './key-shelf.ts'

/** What is used of `indexedDB`, by shape, so that no compiler needs the types of a browser. */
export interface IndexedDb {
  open(name: string, version: number): OpenRequest
}

interface DbRequest<T> {
  readonly result: T
  readonly error: unknown
  addEventListener(type: string, listener: () => void): void
}
type OpenRequest = DbRequest<Database>
interface Database {
  createObjectStore(name: string): unknown
  transaction(
    store: string,
    mode: 'readonly' | 'readwrite',
    options?: { readonly durability: 'strict' },
  ): Transaction
  close(): void
  addEventListener(type: string, listener: () => void): void
}
interface Transaction {
  readonly error: unknown
  objectStore(name: string): ObjectStore
  addEventListener(type: string, listener: () => void): void
}
interface ObjectStore {
  get(key: string): DbRequest<unknown>
  add(value: unknown, key: string): DbRequest<unknown>
  delete(key: string): DbRequest<unknown>
}

const STORE = 'keys'
/** Of what is kept; a later form has another. */
const VERSION = 1

/**
 * Opens the shelf. The page's origin guards it; whoever runs code in the page can sign with its keys, and cannot
 * take them away.
 *
 * @param indexedDb the browser's `indexedDB`
 * @param name of the database; one wallet, one name
 */
export async function indexedDbKeyShelf(indexedDb: IndexedDb, name: string): Promise<KeyShelf> {
  const database = await opened(indexedDb.open(name, VERSION))
  // Another tab wants the next form of the database: it waits until this one has let go.
  database.addEventListener('versionchange', () => database.close())
  return {
    async find(keyIds) {
      const transaction = database.transaction(STORE, 'readonly')
      const requests = keyIds.map((keyId) => transaction.objectStore(STORE).get(keyId))
      await ended(transaction)
      return requests.map(({ result }) => readShelved(result))
    },
    async keep(keys) {
      // `strict`: the disk has it before the answer.
      const transaction = database.transaction(STORE, 'readwrite', { durability: 'strict' })
      const store = transaction.objectStore(STORE)
      const kept = keys.map((key) => {
        const found = store.get(key.keyId)
        const answer: { key: ShelvedKey } = { key }
        found.addEventListener('success', () => {
          const there = readShelved(found.result)
          if (there === undefined) store.add({ version: VERSION, ...key }, key.keyId)
          else answer.key = there
        })
        return answer
      })
      await ended(transaction)
      return kept.map(({ key }) => key)
    },
    async remove(keyIds) {
      const transaction = database.transaction(STORE, 'readwrite', { durability: 'strict' })
      for (const keyId of keyIds) transaction.objectStore(STORE).delete(keyId)
      await ended(transaction)
    },
  }
}

function opened(request: OpenRequest): Promise<Database> {
  return new Promise((resolve, reject) => {
    request.addEventListener('upgradeneeded', () => request.result.createObjectStore(STORE))
    request.addEventListener('success', () => resolve(request.result))
    request.addEventListener('error', () => reject(request.error))
    request.addEventListener('blocked', () =>
      reject(new Error('Another page holds the keys in an older form')),
    )
  })
}

function ended(transaction: Transaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.addEventListener('complete', () => resolve())
    transaction.addEventListener('error', () => reject(transaction.error))
    transaction.addEventListener('abort', () => reject(transaction.error))
  })
}

/** What rests was written by this file, of this version or of one that came later. */
function readShelved(value: unknown): ShelvedKey | undefined {
  if (value === undefined) return undefined
  if (typeof value === 'object' && value !== null && 'version' in value && value.version === VERSION) {
    const { keyId, publicJwk, privateKey } = value as unknown as ShelvedKey
    return { keyId, publicJwk, privateKey }
  }
  throw new Error('The keys rest in a form that this release does not know')
}
