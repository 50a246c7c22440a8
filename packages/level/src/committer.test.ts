import { memoryStore, type Op, type Store } from '@facet-id/store'
import { outcomeOf, seededRandom } from '@facet-id/testkit'
import { MemoryLevel } from 'memory-level'
import { expect, test } from 'vitest'
import { codedError } from './coded-error.ts'
import { type Database, databaseOf } from './database.ts'
import { levelStore, startStore } from './level-store.ts'

const value = new Uint8Array([1, 2, 3])
const put = (key: string, more = {}): Op => ({ op: 'put', ns: 'a', key, value, ...more })

/** A disk in memory that counts what is asked of it, and can be full. */
function countingDisk(): {
  database: Database
  counts: { writes: number; entries: number }
  disk: { full: boolean }
} {
  const database = databaseOf(new MemoryLevel())
  const counts = { writes: 0, entries: 0 }
  const disk = { full: false }
  return {
    counts,
    disk,
    database: {
      ...database,
      async write(changes) {
        counts.writes++
        if (disk.full) throw codedError(new Error('IO error: 000005.log: No space left on device'))
        await database.write(changes)
      },
      async *entries(bounds, limit) {
        for await (const entry of database.entries(bounds, limit)) {
          counts.entries++
          yield entry
        }
      },
    },
  }
}

/** A database that says which keys it was asked for. */
function watchedDisk(): { readonly db: MemoryLevel; readonly asked: string[] } {
  const db = new MemoryLevel()
  const asked: string[] = []
  const getSync = db.getSync.bind(db)
  db.getSync = ((key: Uint8Array, options: object) => {
    asked.push(new TextDecoder().decode(key))
    return getSync(key as never, options)
  }) as never
  return { db, asked }
}

function start(database: Database, now: () => number = () => 0): Promise<Store> {
  return startStore(database, { now, closing: async () => {} })
}

test('STO-46 writes five hundred commits of one turn in one synchronous write', async () => {
  const { database, counts } = countingDisk()
  const store = await start(database)
  const before = counts.writes
  await Promise.all(Array.from({ length: 500 }, (_, index) => store.commit([put(`k${index}`)])))
  expect(counts.writes - before).toBe(1)
})

test('STO-46 writes nothing for commits that are refused or change nothing', async () => {
  const { database, counts } = countingDisk()
  const store = await start(database)
  const before = counts.writes
  expect(await store.commit([put('a'), { op: 'take', ns: 'a', key: 'missing' }])).toEqual({
    ok: false,
    failed: 1,
  })
  await store.commit([{ op: 'check', ns: 'a', key: 'missing' }])
  await store.commit([{ op: 'del', ns: 'a', key: 'missing' }])
  expect(counts.writes).toBe(before)
})

test('STO-47 looks at no record but the expired ones when it sweeps', async () => {
  const { database, counts } = countingDisk()
  let moment = 0
  const store = await start(database, () => moment)
  await store.commit(Array.from({ length: 900 }, (_, index) => put(`stays${index}`)))
  await store.commit(Array.from({ length: 90 }, (_, index) => put(`later${index}`, { expiresAt: 2000 })))
  await store.commit(Array.from({ length: 3 }, (_, index) => put(`soon${index}`, { expiresAt: 1000 })))
  moment = 1000
  const before = counts.entries
  expect(await store.sweep(100)).toBe(3)
  expect(counts.entries - before).toBe(3)
})

test('STO-47 keeps nothing of an expiring record that was taken, deleted or written again', async () => {
  const db = new MemoryLevel()
  const store = await levelStore(db, { now: () => 0 })
  const keysBefore = await db.keys().all()
  await store.commit(['a', 'b', 'c'].map((key) => put(key, { expiresAt: 1000 })))
  await store.commit([{ op: 'take', ns: 'a', key: 'a' }, { op: 'del', ns: 'a', key: 'b' }, put('c')])
  expect((await db.keys().all()).length).toBe(keysBefore.length + 1)
  await store.commit([
    put('c', { expiresAt: 1000 }),
    put('c', { expiresAt: 1000 }),
    { op: 'del', ns: 'a', key: 'c' },
  ])
  expect(await db.keys().all()).toEqual(keysBefore)
})

test('STO-52 asks the disk for nothing that was written or asked for lately, nor for what is new', async () => {
  const { db, asked } = watchedDisk()
  const store = await levelStore(db, { now: () => 0 })
  const before = asked.length
  await store.commit([put('a', { if: 'new' }), put('b', { if: 'new', expiresAt: 1000 })])
  await store.get('a', 'a')
  await store.commit([{ op: 'take', ns: 'a', key: 'a' }])
  await store.get('a', 'a')
  expect(asked.slice(before)).toEqual([])
  await store.commit([put('c', { if: 'absent' }), { op: 'check', ns: 'a', key: 'missing' }])
  await store.commit([{ op: 'check', ns: 'a', key: 'missing' }])
  expect(asked.slice(before)).toEqual(['ra\0c', 'ra\0missing'])
})

test('STO-52 asks the disk again after a write that may or may not have been done', async () => {
  const { db, asked } = watchedDisk()
  const store = await levelStore(db, { now: () => 0 })
  await store.commit([put('a')])
  const batch = db.batch.bind(db) as (operations: object[], options: object) => Promise<void>
  db.batch = (async (operations: object[], options: object) => {
    await batch(operations, options)
    throw new Error('IO error: 000005.log: Input/output error')
  }) as never
  const written = Uint8Array.of(9)
  expect(await outcomeOf(() => store.commit([put('a', { value: written })]))).toBe('store_unavailable')
  expect((await store.get('a', 'a'))?.value).toEqual(written)
  expect(asked).toContain('ra\0a')
})

test('STO-52 shows a write whole or not at all while nobody knows yet that it is done', async () => {
  const { db } = watchedDisk()
  const store = await levelStore(db, { now: () => 0 })
  await store.commit([put('old')])
  expect(await store.get('a', 'new')).toBe(undefined)
  const batch = db.batch.bind(db) as (operations: object[], options: object) => Promise<void>
  let acknowledge = (): void => {}
  const done = new Promise<void>((resolve) => {
    db.batch = (async (operations: object[], options: object) => {
      await batch(operations, options)
      resolve()
      await new Promise<void>((told) => {
        acknowledge = told
      })
    }) as never
  })
  const committed = store.commit([{ op: 'take', ns: 'a', key: 'old' }, put('new', { if: 'absent' })])
  await done
  const seen = async () => [
    (await store.get('a', 'new')) !== undefined,
    (await store.get('a', 'old')) !== undefined,
  ]
  expect(await seen()).toEqual([true, false])
  acknowledge()
  await committed
  expect(await seen()).toEqual([true, false])
})

test('STO-52 asks the disk for what it does not remember only, also where much is looked at', async () => {
  const { db, asked } = watchedDisk()
  const keysAsked: string[][] = []
  const getMany = db.getMany.bind(db) as (keys: string[], options: object) => Promise<Uint8Array[]>
  db.getMany = (async (keys: string[], options: object) => {
    keysAsked.push(keys)
    return getMany(keys, options)
  }) as never
  const store = await levelStore(db, { now: () => 0 })
  await store.commit(Array.from({ length: 100 }, (_, index) => put(`k${index}`, { if: 'new' })))
  const before = asked.length
  const take = (key: string): Op => ({ op: 'take', ns: 'a', key })
  expect((await store.commit(Array.from({ length: 100 }, (_, index) => take(`k${index}`)))).ok).toBe(true)
  const absent = Array.from(
    { length: 70 },
    (_, index): Op => ({ op: 'check', ns: 'a', key: `other ${index}` }),
  )
  expect((await store.commit([{ op: 'check', ns: 'a', key: 'k0' }, ...absent])).ok).toBe(true)
  expect(asked.slice(before)).toEqual([])
  expect(keysAsked.at(-1)).toEqual(absent.map((_, index) => `ra\0other ${index}`))
})

test('STO-28 finishes the commits that were asked before it closes, on level', async () => {
  const { database } = countingDisk()
  const store = await start(database)
  const asked = Array.from({ length: 2000 }, (_, index) => outcomeOf(() => store.commit([put(`k${index}`)])))
  await store.close()
  expect(new Set(await Promise.all(asked))).toEqual(new Set(['accepted']))
})

test('STO-14 two sweeps at once count each record once', async () => {
  let moment = 0
  const store = await levelStore(new MemoryLevel(), { now: () => moment })
  await store.commit(Array.from({ length: 900 }, (_, index) => put(`k${index}`, { expiresAt: 1000 })))
  moment = 1000
  const swept = await Promise.all([store.sweep(800), store.sweep(800)])
  expect(swept[0] + swept[1] + (await store.sweep(800))).toBe(900)
})

test('STO-48 refuses every commit after the disk was full, reads on, and goes on after reopening', async () => {
  const { database, disk } = countingDisk()
  const store = await start(database)
  await store.commit([put('before')])
  disk.full = true
  const failed = await Promise.all(['x', 'y'].map((key) => outcomeOf(() => store.commit([put(key)]))))
  expect(failed).toEqual(['store_full', 'store_full'])
  disk.full = false
  expect(await outcomeOf(() => store.commit([put('z')]))).toBe('store_full')
  expect(await outcomeOf(() => store.sweep(1))).toBe('accepted')
  expect((await store.get('a', 'before'))?.value).toEqual(value)
  await store.close()
  const again = await start(database)
  expect(await outcomeOf(() => again.commit([put('z')]))).toBe('accepted')
  expect((await again.get('a', 'before'))?.value).toEqual(value)
  expect(await again.get('a', 'x')).toBe(undefined)
})

test('STO-48 a store does not open on a full disk, and says so', async () => {
  const { database, disk } = countingDisk()
  disk.full = true
  expect(await outcomeOf(() => start(database))).toBe('store_full')
  disk.full = false
  expect(await outcomeOf(() => start(database))).toBe('accepted')
})

test('STO-49 gives no version of a crashed store again, of a refused commit neither', async () => {
  const db = new MemoryLevel()
  const versions: string[] = []
  for (const _ of [1, 2, 3]) {
    // Opened over the same database without closing: what a crash leaves behind.
    const store = await levelStore(db)
    for (const refused of [true, false, true]) {
      const result = await store.commit([put('k'), { op: 'check', ns: 'a', key: refused ? 'k' : 'missing' }])
      expect(result.ok).toBe(!refused)
      if (result.ok && result.out[0]?.op === 'put') versions.push(result.out[0].version)
    }
  }
  expect(versions.length).toBe(3)
  expect(new Set(versions).size).toBe(3)
})

test('STO-43 a damaged record fails the commit that names it, and no other of its group', async () => {
  const db = new MemoryLevel()
  await (await levelStore(db)).commit([put('damaged'), { op: 'append', name: 'log', entries: [value] }])
  await db.put<string, Uint8Array>('ra\0damaged', new Uint8Array(30), { valueEncoding: 'view' })
  await db.put<string, Uint8Array>('hlog', new Uint8Array(2), { valueEncoding: 'view' })
  // Opened again over the same database, so that nothing of it is remembered.
  const store = await levelStore(db)
  const take = { op: 'take', ns: 'a', key: 'damaged' } as const
  const outcomes = await Promise.all(
    [put('one'), take, put('two'), put('damaged')].map((op) => outcomeOf(() => store.commit([op]))),
  )
  expect(outcomes).toEqual(['accepted', 'store_corrupt', 'accepted', 'store_corrupt'])
  expect(await outcomeOf(() => store.get('a', 'damaged'))).toBe('store_corrupt')
  const append = { op: 'append', name: 'log', entries: [value] } as const
  expect(await outcomeOf(() => store.commit([append]))).toBe('store_corrupt')
  expect((await store.get('a', 'two'))?.value).toEqual(value)
})

test('does what the memory store does, over 3,000 commits drawn at random', async () => {
  let moment = 1000
  const now = (): number => moment
  const stores = [memoryStore({ now }), await levelStore(new MemoryLevel(), { now })]
  const random = seededRandom('commits')
  const pick = (count: number): number => (random(1)[0] ?? 0) % count
  for (let round = 0; round < 3000; round++) {
    const ops = Array.from({ length: 1 + pick(4) }, () => pickOp(pick, moment))
    const [expected, found] = await Promise.all(
      stores.map((store) => store.commit(ops).then(withoutVersions)),
    )
    expect(found).toEqual(expected)
    if (pick(10) === 0) moment += pick(20)
    if (pick(50) === 0) {
      const [left, right] = await Promise.all(stores.map((store) => store.sweep(1000)))
      expect(right).toBe(left)
    }
    if (round % 100 !== 0) continue
    const [left, right] = await Promise.all(stores.map(entriesOf))
    expect(right).toEqual(left)
  }
})

function pickOp(pick: (count: number) => number, moment: number): Op {
  const place = { ns: ['a', 'b'][pick(2)] ?? 'a', key: `k${pick(6)}` }
  switch (pick(7)) {
    case 0:
      return { op: 'take', ...place }
    case 1:
      return { op: 'del', ...place }
    case 2:
      return { op: 'check', ...place }
    case 3:
      return { op: 'put', ...place, value: Uint8Array.of(pick(256)), if: 'absent' }
    case 4:
      return { op: 'put', ...place, value: Uint8Array.of(pick(256)), expiresAt: moment + pick(30) }
    case 5:
      return { op: 'alloc', name: 'counter', count: 1 + pick(5) }
    default:
      return { op: 'append', name: 'log', entries: [Uint8Array.of(pick(256))] }
  }
}

function withoutVersions(result: Awaited<ReturnType<Store['commit']>>): unknown {
  return result.ok ? result.out.map((out) => (out.op === 'put' ? 'put' : out)) : result
}

async function entriesOf(store: Store): Promise<readonly unknown[]> {
  const found: unknown[] = []
  for (const ns of ['a', 'b']) {
    for await (const { version: _, ...entry } of store.range(ns)) found.push(entry)
  }
  for await (const entry of store.read('log', 0)) found.push(entry)
  return found
}
