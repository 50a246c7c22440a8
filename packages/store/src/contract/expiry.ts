import { done, keysOf, NS, put, type ScenarioTest, take, textAt, times, verdictOf } from './scenario.ts'

/** Expiry: an expired record is absent for every question, swept or not. */
export function expiryContract(test: ScenarioTest): void {
  test('STO-13 holds a record until the moment it expires, and not at that moment', async ({
    store,
    clock,
    expect,
  }) => {
    const expiresAt = clock.now() + 1000
    await done(store, put('a', 'one', { expiresAt }))
    clock.advance(999)
    expect((await store.get(NS, 'a'))?.expiresAt).toBe(expiresAt)
    clock.advance(1)
    expect(await store.get(NS, 'a')).toBe(undefined)
  })

  test('STO-13 treats an expired record as absent, for get, take, put, check and range', async ({
    store,
    clock,
    expect,
  }) => {
    const expiresAt = clock.now() + 1000
    await done(store, ...times(5, (index) => put(`k${index}`, 'old', { expiresAt })), put('stays', 'x'))
    const version = (await store.get(NS, 'k0'))?.version ?? ''
    clock.advance(1000)
    expect(await store.get(NS, 'k0')).toBe(undefined)
    expect(await verdictOf(store, take('k0'))).toBe(0)
    expect(await verdictOf(store, put('k0', 'new', { if: { version } }))).toBe(0)
    expect(await verdictOf(store, { op: 'check', ns: NS, key: 'k0', version })).toBe(0)
    expect(await verdictOf(store, { op: 'check', ns: NS, key: 'k0' })).toBe('done')
    expect(await keysOf(store)).toEqual(['stays'])
    expect(await keysOf(store, { limit: 1 })).toEqual(['stays'])
    expect(await verdictOf(store, put('k0', 'new', { if: 'absent' }))).toBe('done')
    expect(await textAt(store, 'k0')).toBe('new')
  })

  test('STO-13 has a record that is put with a moment in the past absent at once', async ({
    store,
    clock,
    expect,
  }) => {
    const expiresAt = clock.now()
    expect(await verdictOf(store, put('a', 'one', { expiresAt }), take('a'))).toBe(1)
    await done(store, put('a', 'one', { expiresAt }))
    expect(await store.get(NS, 'a')).toBe(undefined)
  })

  test('STO-14 sweeps expired records only, as many as it was told, and says how many', async ({
    store,
    clock,
    expect,
  }) => {
    const soon = clock.now() + 1000
    const later = clock.now() + 10_000
    await done(
      store,
      ...times(10, (index) => put(`soon${index}`, 'x', { expiresAt: soon })),
      ...times(3, (index) => put(`later${index}`, 'x', { expiresAt: later })),
      ...times(3, (index) => put(`never${index}`, 'x')),
    )
    expect(await store.sweep(100)).toBe(0)
    clock.advance(1000)
    expect(await store.sweep(0)).toBe(0)
    expect(await store.sweep(4)).toBe(4)
    expect(await store.sweep(100)).toBe(6)
    expect(await store.sweep(100)).toBe(0)
    expect((await keysOf(store)).length).toBe(6)
    clock.advance(9000)
    expect(await store.sweep(100)).toBe(3)
    expect(await keysOf(store)).toEqual(['never0', 'never1', 'never2'])
  })

  test('STO-14 does not sweep a record by an expiry that a later write took away', async ({
    store,
    clock,
    expect,
  }) => {
    const expiresAt = clock.now() + 1000
    await done(store, ...['a', 'b', 'c', 'd'].map((key) => put(key, 'one', { expiresAt })))
    await done(store, put('a', 'two'), put('b', 'two', { expiresAt: expiresAt + 1000 }), take('c'))
    await done(store, { op: 'del', ns: NS, key: 'd' })
    await done(store, put('d', 'two'))
    clock.advance(1000)
    expect(await store.sweep(100)).toBe(0)
    expect(await keysOf(store)).toEqual(['a', 'b', 'd'])
    clock.advance(1000)
    expect(await store.sweep(100)).toBe(1)
    expect(await keysOf(store)).toEqual(['a', 'd'])
  })
}
