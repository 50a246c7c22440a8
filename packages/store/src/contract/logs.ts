import type { Store } from '../store.ts'
import { bytes, done, firstOf, logOf, NS, type ScenarioTest, textOf, times } from './scenario.ts'

/** Logs without gaps, and counters that never give a number twice. */
export function logsContract(test: ScenarioTest): void {
  test('STO-15 appends in order from 0 on, several entries together', async ({ store, expect }) => {
    expect(await logOf(store, 'audit')).toEqual([])
    const out = await done(
      store,
      { op: 'append', name: 'audit', entries: [bytes('a'), bytes('b')] },
      { op: 'append', name: 'other', entries: [bytes('x')] },
      { op: 'append', name: 'audit', entries: [bytes('c')] },
    )
    expect(out.map(firstOf)).toEqual([0, 0, 2])
    expect(firstOf((await done(store, { op: 'append', name: 'audit', entries: [bytes('d')] }))[0])).toBe(3)
    expect(await logOf(store, 'audit')).toEqual(['a', 'b', 'c', 'd'])
    expect(await logOf(store, 'other')).toEqual(['x'])
    expect(await logOf(store, 'audit', 1, 2)).toEqual(['b', 'c'])
    expect(await logOf(store, 'audit', 4)).toEqual([])
    expect(await logOf(store, 'audit', 0, 0)).toEqual([])
  })

  test('STO-15 keeps logs and counters apart whose names begin alike', async ({ store, expect }) => {
    const names = ['a', 'a\0', 'a0', 'a\x000', 'ä', 'a/b', '🂡']
    await done(store, ...names.map((name) => ({ op: 'append', name, entries: [bytes(name)] }) as const))
    await done(store, ...names.map((name) => ({ op: 'alloc', name, count: 10 }) as const))
    for (const name of names) expect(await logOf(store, name)).toEqual([name])
  })

  test('STO-51 trims a log: what was deleted is gone, all else keeps its number, and no number comes again', async ({
    store,
    expect,
  }) => {
    const entries = ['a', 'b', 'c', 'd'].map(bytes)
    await done(store, { op: 'append', name: 'audit', entries }, { op: 'append', name: 'other', entries })
    await done(store, { op: 'trim', name: 'audit', from: 0, count: 2 })
    expect(await standingOf(store, 'audit')).toEqual(['2 c', '3 d'])
    expect(await logOf(store, 'other')).toEqual(['a', 'b', 'c', 'd'])
    // From the middle, beyond the end, where nothing is left, and of a log that is none.
    await done(store, { op: 'trim', name: 'audit', from: 3, count: 100 })
    await done(store, { op: 'trim', name: 'audit', from: 0, count: 1 })
    await done(store, { op: 'trim', name: 'nothing', from: 0, count: 1 })
    await done(store, { op: 'trim', name: 'audit', from: 2, count: 0 })
    expect(await standingOf(store, 'audit')).toEqual(['2 c'])
    expect(firstOf((await done(store, { op: 'append', name: 'audit', entries: [bytes('e')] }))[0])).toBe(4)
    expect(await standingOf(store, 'audit')).toEqual(['2 c', '4 e'])
  })

  test('STO-51 a trim is done with its commit or not at all, over what those before it did', async ({
    store,
    expect,
  }) => {
    await done(store, { op: 'append', name: 'audit', entries: [bytes('a')] })
    const refused = await store.commit([
      { op: 'trim', name: 'audit', from: 0, count: 1 },
      { op: 'take', ns: NS, key: 'not there' },
    ])
    expect(refused).toEqual({ ok: false, failed: 1 })
    expect(await logOf(store, 'audit')).toEqual(['a'])
    await done(
      store,
      { op: 'append', name: 'audit', entries: [bytes('b')] },
      { op: 'trim', name: 'audit', from: 0, count: 10 },
      { op: 'append', name: 'audit', entries: [bytes('c')] },
    )
    expect(await standingOf(store, 'audit')).toEqual(['2 c'])
  })

  test('STO-16 leaves no gap and no doublet in a log under 200 concurrent appends', async ({
    store,
    expect,
  }) => {
    const firsts = await Promise.all(
      times(200, async (index) => {
        const entries = [bytes(`${index}/0`), bytes(`${index}/1`)]
        return firstOf((await done(store, { op: 'append', name: 'audit', entries }))[0])
      }),
    )
    const log = await logOf(store, 'audit')
    expect(log.length).toBe(400)
    for (const [index, first] of firsts.entries()) {
      expect(log.slice(first, first + 2)).toEqual([`${index}/0`, `${index}/1`])
    }
  })

  test('STO-17 gives 100 concurrent allocations blocks that are disjoint', async ({ store, expect }) => {
    const blocks = await Promise.all(
      times(100, async (index) => {
        const count = 1 + (index % 7)
        const first = firstOf((await done(store, { op: 'alloc', name: 'indices', count }))[0])
        return times(count, (offset) => first + offset)
      }),
    )
    const given = blocks.flat()
    expect(new Set(given).size).toBe(given.length)
    expect(given.every((number) => Number.isSafeInteger(number) && number >= 0)).toBe(true)
  })

  test('STO-17 gives two allocations of one commit disjoint blocks', async ({ store, expect }) => {
    const alloc = { op: 'alloc', name: 'indices', count: 5 } as const
    const [first = 0, second = 0] = (await done(store, alloc, alloc)).map(firstOf)
    expect(Math.abs(first - second) >= 5).toBe(true)
  })
}

/** What is left of a log, each with its number. */
async function standingOf(store: Store, name: string): Promise<readonly string[]> {
  const found: string[] = []
  for await (const { seq, value } of store.read(name, 0)) found.push(`${seq} ${textOf(value)}`)
  return found
}
