import {
  bytes,
  done,
  firstOf,
  keysOf,
  logOf,
  NS,
  outcomeOf,
  put,
  type ScenarioTest,
  textAt,
  times,
} from './scenario.ts'

/** Closing, and opening again. */
export function lifetimeContract(test: ScenarioTest): void {
  test('STO-27 refuses with a code everything asked after closing, and closes twice', async ({
    store,
    expect,
  }) => {
    await done(store, put('a', 'one'))
    await store.close()
    await store.close()
    expect(await outcomeOf(() => store.get(NS, 'a'))).toBe('store_closed')
    expect(await outcomeOf(() => store.commit([put('a', 'two')]))).toBe('store_closed')
    expect(await outcomeOf(() => store.commit([]))).toBe('store_closed')
    expect(await outcomeOf(() => keysOf(store))).toBe('store_closed')
    expect(await outcomeOf(() => logOf(store, 'log'))).toBe('store_closed')
    expect(await outcomeOf(() => store.sweep(1))).toBe('store_closed')
  })

  test('STO-27 ends with a code a range that is under way when the store is closed', async ({
    store,
    expect,
  }) => {
    await done(store, ...times(500, (index) => put(`k${index}`, 'x')))
    const outcome = await outcomeOf(async () => {
      for await (const _ of store.range(NS)) await store.close()
    })
    expect(outcome).toBe('store_closed')
  })

  test('STO-28 keeps what was acknowledged: commits under way at closing are done or refused', async ({
    store,
    reopen,
    expect,
  }) => {
    const asked = times(50, (index) => outcomeOf(() => store.commit([put(`k${index}`, 'x')])))
    const closing = store.close()
    const outcomes = await Promise.all(asked)
    await closing
    expect(outcomes.every((outcome) => outcome === 'accepted' || outcome === 'store_closed')).toBe(true)
    if (reopen === undefined) return
    const again = await reopen()
    for (const [index, outcome] of outcomes.entries()) {
      expect(await textAt(again, `k${index}`)).toBe(outcome === 'accepted' ? 'x' : undefined)
    }
  })

  test('STO-29 goes on after reopening: records, versions, expiry, logs and counters', async ({
    store,
    clock,
    reopen,
    expect,
  }) => {
    if (reopen === undefined) return
    const expiresAt = clock.now() + 1000
    const versions = new Set<string | undefined>()
    const given = new Set<number>()
    let current = store
    for (const round of times(3, (index) => index)) {
      const [written, allotted, appended] = await done(
        current,
        put('a', String(round), { expiresAt }),
        { op: 'alloc', name: 'counter', count: 1 },
        { op: 'append', name: 'log', entries: [bytes(String(round))] },
      )
      versions.add(written?.op === 'put' ? written.version : undefined)
      given.add(firstOf(allotted))
      expect(firstOf(appended)).toBe(round)
      current = await reopen()
      const entry = await current.get(NS, 'a')
      expect(entry?.expiresAt).toBe(expiresAt)
      expect(entry?.version).toBe(written?.op === 'put' ? written.version : undefined)
      expect(await textAt(current, 'a')).toBe(String(round))
    }
    expect(versions.size).toBe(3)
    expect(given.size).toBe(3)
    expect(await logOf(current, 'log')).toEqual(['0', '1', '2'])
    clock.advance(1000)
    expect(await current.get(NS, 'a')).toBe(undefined)
    expect(await current.sweep(10)).toBe(1)
  })
}
