import { memoryStore, type Store, StoreError } from '@facet-id/store'
import { macOf, outcomeOf, seededRandom } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { createAllotment } from './allotment-store.ts'
import type { StatusEntry } from './status.ts'

const mac = macOf(seededRandom('status key')(32))
const named = ({ list, index }: StatusEntry): string => `${list}.${index}`

/** A store that says how often, and for how many, its counter was asked. */
function counting(): { store: Store; blocks: number[] } {
  const store = memoryStore({ now: () => 0 })
  const blocks: number[] = []
  const commit: Store['commit'] = (ops) => {
    for (const op of ops) if (op.op === 'alloc') blocks.push(op.count)
    return store.commit(ops)
  }
  return { store: { ...store, commit }, blocks }
}

test('TSL-13.3-1, TSL-13.2-1 entries of several processes, one of them started again and again, have none in common', async () => {
  const { store } = counting()
  const given: string[] = []
  const other = createAllotment(store, mac)
  for (let start = 0; start < 20; start++) {
    const own = createAllotment(store, mac)
    const counts = Array.from({ length: 15 }, (_, index) => 1 + ((index * 7 + start) % 10))
    const taken = await Promise.all(counts.flatMap((count) => [own.take(count), other.take(count)]))
    expect(taken.map(({ length }) => length)).toEqual(counts.flatMap((count) => [count, count]))
    given.push(...taken.flat().map(named))
  }
  expect(given.length).toBeGreaterThan(2000)
  expect(new Set(given).size).toBe(given.length)
})

test('TSL-13.3-1 what issues little takes little: blocks grow as they are used up, and no further', async () => {
  const { store, blocks } = counting()
  const allotment = createAllotment(store, mac)
  await allotment.take(1)
  expect(blocks).toEqual([1])
  for (let taken = 1; taken < 2000; taken++) await allotment.take(1)
  expect(blocks.slice(0, 11)).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 256, 256])
})

test('TSL-13.3-1 a counter that cannot be moved fails those who wait, and is asked again by the next', async () => {
  const { store } = counting()
  let full = true
  const failing: Store = {
    ...store,
    commit: (ops) => (full ? Promise.reject(new StoreError('store_full', 'full')) : store.commit(ops)),
  }
  const allotment = createAllotment(failing, mac)
  const waiting = [allotment.take(1), allotment.take(2)].map((asked) => outcomeOf(() => asked))
  expect(await Promise.all(waiting)).toEqual(['store_full', 'store_full'])
  full = false
  expect(await allotment.take(3)).toHaveLength(3)
})

test('TSL-13.3-1 lists that are counted apart have entries apart, each counter in blocks of its own', async () => {
  const { store, blocks } = counting()
  const allotment = createAllotment(store, mac)
  const own = await allotment.take(3)
  const others = await allotment.take(3, 1000)
  expect(own.map(({ list }) => list)).toEqual([0, 0, 0])
  expect(others.map(({ list }) => list)).toEqual([1000, 1000, 1000])
  expect(others.map(({ index }) => index)).not.toEqual(own.map(({ index }) => index))
  expect(blocks).toEqual([3, 3])
})
