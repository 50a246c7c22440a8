import { memoryStore, type Store } from '@facet-id/store'
import { outcomeOf } from '@facet-id/testkit'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startSweeping } from './sweeping.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const MINUTE = 60_000

/** A store whose records all expire at 1, and whose clock is moved by hand. */
async function storeOf(records: number): Promise<{ store: Store; time: { now: number } }> {
  const time = { now: 0 }
  const store = memoryStore({ now: () => time.now })
  for (let record = 0; record < records; record++) {
    const put = { op: 'put', ns: 'a', key: String(record), value: new Uint8Array(1), expiresAt: 1 } as const
    await store.commit([put])
  }
  return { store, time }
}

/** What rests, seen by a clock that stands at a moment when nothing had expired. */
async function resting({ store, time }: Awaited<ReturnType<typeof storeOf>>): Promise<number> {
  const { now } = time
  time.now = 0
  let found = 0
  for await (const _ of store.range('a')) found++
  time.now = now
  return found
}

test('FCT-14 what has expired goes at the start, however much it is', async () => {
  const kept = await storeOf(1200)
  kept.time.now = 1
  const sweeping = await startSweeping(kept.store)
  expect(await resting(kept)).toBe(0)
  await sweeping.stop()
})

test('FCT-14 what expires while a service runs goes within a minute, and at the end at once', async () => {
  const kept = await storeOf(3)
  const sweeping = await startSweeping(kept.store)
  await vi.advanceTimersByTimeAsync(MINUTE)
  expect(await resting(kept)).toBe(3)
  kept.time.now = 1
  await vi.advanceTimersByTimeAsync(MINUTE)
  expect(await resting(kept)).toBe(0)
  kept.time.now = 0
  await kept.store.commit([{ op: 'put', ns: 'a', key: 'last', value: new Uint8Array(1), expiresAt: 1 }])
  kept.time.now = 1
  await sweeping.stop()
  expect(await resting(kept)).toBe(0)
  expect(vi.getTimerCount()).toBe(0)
})

test('a sweep that fails at the start is told, one that fails later is tried again', async () => {
  let sweeps = 0
  let broken = false
  const store = {
    async sweep() {
      sweeps++
      if (broken) throw Object.assign(new Error('no space is left'), { code: 'store_full' })
      return 0
    },
  }
  const sweeping = await startSweeping(store)
  broken = true
  await vi.advanceTimersByTimeAsync(2 * MINUTE)
  expect(sweeps).toBe(3)
  await sweeping.stop()
  expect(sweeps).toBe(4)
  expect(await outcomeOf(() => startSweeping(store))).toBe('store_full')
  expect(vi.getTimerCount()).toBe(0)
})
