import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Committed, Store } from '@facet-id/store'
import { outcomeOf } from '@facet-id/testkit'
import { afterAll, expect, test } from 'vitest'
import { openLevelStore } from './open-level-store.ts'

const root = await mkdtemp(join(tmpdir(), 'facet-crash-'))
afterAll(() => rm(root, { recursive: true }))

const script = fileURLToPath(new URL('../test/process.ts', import.meta.url))

/** A process on the store, without the environment's own wishes about how Node runs. */
function start(...args: readonly string[]): ChildProcess {
  const { NODE_OPTIONS: _, ...env } = process.env
  return spawn(process.execPath, ['-C', '@facet-id/source', script, ...args], {
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  })
}

async function* linesOf(child: ChildProcess): AsyncIterable<string> {
  if (child.stdout === null) throw new Error('the output is a pipe')
  yield* createInterface({ input: child.stdout })
}

async function firstLineOf(child: ChildProcess): Promise<string> {
  for await (const line of linesOf(child)) return line
  return ''
}

interface Acknowledged {
  readonly key: string
  readonly out: Committed['out']
}

/** Lets a writer work, kills it after so many acknowledgements, and gives all that it received. */
async function writeAndKill(location: string, run: number, after: number): Promise<readonly Acknowledged[]> {
  const child = start('write', location, String(run))
  const ended = once(child, 'exit')
  const acknowledged: Acknowledged[] = []
  for await (const line of linesOf(child)) {
    const { key, ok, out } = JSON.parse(line)
    expect(ok).toBe(true)
    acknowledged.push({ key, out })
    if (acknowledged.length === after) child.kill('SIGKILL')
  }
  expect(await ended).toEqual([null, 'SIGKILL'])
  return acknowledged
}

async function textAt(store: Store, ns: string, key: string): Promise<string | undefined> {
  const entry = await store.get(ns, key)
  return entry === undefined ? undefined : Buffer.from(entry.value).toString()
}

/** Every acknowledged redemption is there whole, and every other one is there whole or not at all. */
async function checkAll(
  location: string,
  acknowledged: readonly Acknowledged[],
  runs: number,
): Promise<void> {
  const store = await openLevelStore({ location })
  const log: string[] = []
  for await (const { seq, value } of store.read('audit', 0)) {
    expect(seq).toBe(log.length)
    log.push(Buffer.from(value).toString())
  }
  const given = new Set<number>()
  const versions = new Set<string>()
  for (const { key, out } of acknowledged) {
    const [, left, , allotted, appended] = out
    expect(await store.get('code', key)).toBe(undefined)
    expect(await textAt(store, 'left', key)).toBe(key)
    expect((await store.get('left', key))?.version).toBe(left?.op === 'put' ? left.version : '')
    const seq = appended?.op === 'append' ? appended.first : -1
    expect(log.slice(seq, seq + 2)).toEqual([key, key])
    given.add(allotted?.op === 'alloc' ? allotted.first : -1)
  }
  expect(given.size).toBe(acknowledged.length)

  let redeemed = 0
  let remaining = 0
  for await (const { key, value, version } of store.range('left')) {
    redeemed++
    versions.add(version)
    expect(await textAt(store, 'right', key)).toBe(Buffer.from(value).toString())
    expect(await store.get('code', key)).toBe(undefined)
  }
  for await (const { version } of store.range('right')) versions.add(version)
  for await (const { key } of store.range('code')) {
    remaining++
    expect(await store.get('left', key)).toBe(undefined)
  }
  expect(redeemed + remaining).toBe(3000 * runs)
  expect(versions.size).toBe(2 * redeemed)
  expect(log.length).toBe(2 * redeemed)
  // Counters never go back: the next number is above all that were given, seen or not.
  const next = await store.commit([{ op: 'alloc', name: 'index', count: 1 }])
  expect(next.ok && next.out[0]?.op === 'alloc' && next.out[0].first > Math.max(...given)).toBe(true)
  await store.close()
}

test('STO-37, STO-38 loses no acknowledged commit and tears none when its process is killed again and again', async () => {
  const location = join(root, 'killed')
  const acknowledged: Acknowledged[] = []
  for (const [run, after] of [1, 40, 250, 7, 120, 600].entries()) {
    acknowledged.push(...(await writeAndKill(location, run, after)))
    // Every second time the next writer finds the store as the killed one left it.
    if (run % 2 === 1) await checkAll(location, acknowledged, run + 1)
  }
  expect(acknowledged.length).toBeGreaterThanOrEqual(1 + 40 + 250 + 7 + 120 + 600)
})

test('STO-39 refuses a store that another process holds, and opens it when that one has let go', async () => {
  const location = join(root, 'held')
  const child = start('hold', location)
  const ended = once(child, 'exit')
  expect(await firstLineOf(child)).toBe('open')
  expect(await outcomeOf(() => openLevelStore({ location }))).toBe('store_locked')
  expect(await outcomeOf(() => openLevelStore({ location }))).toBe('store_locked')
  expect(await firstLineOf(start('try', location))).toBe('store_locked')
  child.stdin?.end()
  expect(await ended).toEqual([0, null])
  const store = await openLevelStore({ location })
  expect(await firstLineOf(start('try', location))).toBe('store_locked')
  await store.close()
  expect(await firstLineOf(start('try', location))).toBe('accepted')
})

test('STO-40 a refused second opening in one process leaves the lock of the first as it is', async () => {
  const location = join(root, 'twice')
  const store = await openLevelStore({ location })
  for (const path of [location, `${location}/../twice/`]) {
    expect(await outcomeOf(() => openLevelStore({ location: path }))).toBe('store_locked')
  }
  expect(await firstLineOf(start('try', location))).toBe('store_locked')
  await store.close()
  const again = await openLevelStore({ location })
  await again.close()
})

test('STO-40 of many openings at once in one process one is given the store', async () => {
  const location = join(root, 'race')
  const opened = await Promise.allSettled(Array.from({ length: 10 }, () => openLevelStore({ location })))
  const stores = opened.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))
  expect(stores.length).toBe(1)
  await Promise.all(stores.map((store) => store.close()))
})

test.skipIf(process.platform === 'win32')(
  'STO-41 refuses every commit after a write that the file system refused, and loses nothing that was acknowledged',
  async () => {
    const location = join(root, 'limited')
    const { NODE_OPTIONS: _, ...env } = process.env
    // A limit on the size of files: the log of the database cannot grow beyond it.
    const child = spawn(
      'sh',
      [
        '-c',
        'ulimit -f 400 && exec "$@"',
        'sh',
        process.execPath,
        '-C',
        '@facet-id/source',
        script,
        'fill',
        location,
      ],
      { env, stdio: ['ignore', 'pipe', 'inherit'] },
    )
    const { acknowledged, ...outcomes } = JSON.parse(await firstLineOf(child))
    expect(outcomes).toEqual({
      failed: 'store_unavailable',
      again: 'store_unavailable',
      read: 'accepted',
      closed: 'accepted',
    })
    expect(acknowledged).toBeGreaterThan(10)
    const store = await openLevelStore({ location })
    let found = 0
    for await (const { value } of store.range('fill')) {
      expect(value).toEqual(new Uint8Array(1000).fill(2))
      found++
    }
    // The one that failed is in doubt: it may be there.
    expect([acknowledged, acknowledged + 1]).toContain(found)
    await store.commit([{ op: 'put', ns: 'fill', key: 'again', value: new Uint8Array() }])
    await store.close()
  },
)
