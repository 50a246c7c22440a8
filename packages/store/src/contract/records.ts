import {
  bytes,
  done,
  NS,
  put,
  type ScenarioTest,
  take,
  textAt,
  textOf,
  times,
  verdictOf,
} from './scenario.ts'

/** One record: put, get, versions, conditions, and operations that meet in one commit. */
export function recordsContract(test: ScenarioTest): void {
  test('STO-1 gives back what was put, with the version that the commit yielded', async ({
    store,
    expect,
  }) => {
    expect(await store.get(NS, 'a')).toBe(undefined)
    const [out] = await done(store, put('a', 'one'))
    const entry = await store.get(NS, 'a')
    expect(entry?.key).toBe('a')
    expect(textOf(entry?.value)).toBe('one')
    expect(out).toEqual({ op: 'put', version: entry?.version })
    expect(entry !== undefined && 'expiresAt' in entry).toBe(false)
    expect(await store.get('contract/other', 'a')).toBe(undefined)
  })

  test('STO-1 keeps records of several namespaces apart', async ({ store, expect }) => {
    await done(
      store,
      { op: 'put', ns: 'contract', key: 'record/a', value: bytes('parent') },
      put('a', 'child'),
    )
    expect(await textAt(store, 'a')).toBe('child')
    expect(textOf((await store.get('contract', 'record/a'))?.value)).toBe('parent')
  })

  test('STO-1 reads keys of any length that end in a wide letter', async ({ store, expect }) => {
    const keys = times(150, (index) => `${'a'.repeat(index)}\u{1f600}`)
    await done(store, ...keys.map((key) => put(key, key)))
    const longestFirst = [...keys].reverse()
    for (const key of ['a', ...longestFirst, ...keys]) {
      expect(await textAt(store, key)).toBe(key === 'a' ? undefined : key)
    }
  })

  test('STO-2 changes the version with every write, of the same value too', async ({ store, expect }) => {
    const versions = new Set<string | undefined>()
    for (const _ of times(5, String)) {
      await done(store, put('a', 'same'))
      versions.add((await store.get(NS, 'a'))?.version)
    }
    expect(versions.size).toBe(5)
  })

  test('STO-3 puts at a version only while the record stands there', async ({ store, expect }) => {
    await done(store, put('a', 'one'))
    const version = (await store.get(NS, 'a'))?.version ?? ''
    expect(await verdictOf(store, put('a', 'two', { if: { version } }))).toBe('done')
    expect(await verdictOf(store, put('a', 'three', { if: { version } }))).toBe(0)
    expect(await textAt(store, 'a')).toBe('two')
    expect(await verdictOf(store, put('never', 'x', { if: { version } }))).toBe(0)
  })

  test('STO-4 never gives a version twice: deleting and writing again changes it', async ({
    store,
    expect,
  }) => {
    await done(store, put('a', 'one'))
    const version = (await store.get(NS, 'a'))?.version ?? ''
    await done(store, { op: 'del', ns: NS, key: 'a' })
    await done(store, put('a', 'one'))
    expect((await store.get(NS, 'a'))?.version === version).toBe(false)
    expect(await verdictOf(store, put('a', 'two', { if: { version } }))).toBe(0)
    expect(await verdictOf(store, { op: 'check', ns: NS, key: 'a', version })).toBe(0)
  })

  test('STO-5 deletes what is there, and what is absent without a refusal', async ({ store, expect }) => {
    await done(store, put('a', 'one'))
    expect(await done(store, { op: 'del', ns: NS, key: 'a' })).toEqual([{ op: 'del' }])
    expect(await store.get(NS, 'a')).toBe(undefined)
    expect(await verdictOf(store, { op: 'del', ns: NS, key: 'a' })).toBe('done')
  })

  test('STO-6 takes a record once, with its value', async ({ store, expect }) => {
    expect(await verdictOf(store, take('a'))).toBe(0)
    await done(store, put('a', 'one'))
    const [out] = await done(store, take('a'))
    expect(out?.op === 'take' ? textOf(out.value) : out).toBe('one')
    expect(await verdictOf(store, take('a'))).toBe(0)
    expect(await store.get(NS, 'a')).toBe(undefined)
  })

  test('STO-7 checks that a record stands at a version, or is absent', async ({ store, expect }) => {
    expect(await verdictOf(store, { op: 'check', ns: NS, key: 'a' })).toBe('done')
    expect(await verdictOf(store, { op: 'check', ns: NS, key: 'a', version: '1' })).toBe(0)
    await done(store, put('a', 'one'))
    const version = (await store.get(NS, 'a'))?.version ?? ''
    expect(await verdictOf(store, { op: 'check', ns: NS, key: 'a', version })).toBe('done')
    expect(await verdictOf(store, { op: 'check', ns: NS, key: 'a' })).toBe(0)
  })

  test('STO-8 leaves nothing of a refused commit, and names the first operation that failed', async ({
    store,
    expect,
  }) => {
    await done(store, put('kept', 'one'), { op: 'append', name: 'log', entries: [bytes('e')] })
    const before = (await store.get(NS, 'kept'))?.version
    const [first] = await done(store, { op: 'alloc', name: 'counter', count: 1 })
    const refused = await verdictOf(
      store,
      put('new', 'x'),
      put('kept', 'two'),
      { op: 'append', name: 'log', entries: [bytes('f')] },
      { op: 'alloc', name: 'counter', count: 1_000_000 },
      take('kept'),
      take('missing'),
      take('missing as well'),
    )
    expect(refused).toBe(5)
    expect(await store.get(NS, 'new')).toBe(undefined)
    expect((await store.get(NS, 'kept'))?.version).toBe(before)
    const [appended, next] = await done(
      store,
      { op: 'append', name: 'log', entries: [bytes('g')] },
      { op: 'alloc', name: 'counter', count: 1 },
    )
    expect(appended).toEqual({ op: 'append', first: 1 })
    // Gaps may appear, but not the refused block.
    const gap = next?.op === 'alloc' && first?.op === 'alloc' ? next.first - first.first : 0
    expect(gap >= 1 && gap < 1_000_000).toBe(true)
  })

  test('STO-53 puts what is new, which then is a record like any other', async ({ store, clock, expect }) => {
    const expiresAt = clock.now() + 1000
    await done(store, put('a', 'one', { if: 'new' }), put('b', 'one', { if: 'new', expiresAt }))
    expect(await textAt(store, 'a')).toBe('one')
    expect(await verdictOf(store, put('a', 'two', { if: 'absent' }))).toBe(0)
    await done(store, put('c', 'one', { if: 'new', expiresAt }), take('c'))
    await done(store, put('b', 'two', { expiresAt: expiresAt + 1000 }))
    clock.advance(1000)
    expect(await store.sweep(100)).toBe(0)
    clock.advance(1000)
    expect(await store.sweep(100)).toBe(1)
    expect(await textAt(store, 'a')).toBe('one')
  })

  test('STO-9 shows each operation what those before it in the commit have done', async ({
    store,
    expect,
  }) => {
    await done(store, put('a', 'one'))
    const out = await done(
      store,
      take('a'),
      { op: 'check', ns: NS, key: 'a' },
      put('a', 'two', { if: 'absent' }),
      put('a', 'three'),
      put('b', 'four'),
      { op: 'del', ns: NS, key: 'b' },
    )
    expect(out.map((yielded) => yielded.op)).toEqual(['take', 'check', 'put', 'put', 'put', 'del'])
    const [, , second, third] = out
    expect(second?.op === 'put' && third?.op === 'put' && second.version === third.version).toBe(false)
    expect(await textAt(store, 'a')).toBe('three')
    expect((await store.get(NS, 'a'))?.version).toBe(third?.op === 'put' ? third.version : undefined)
    expect(await store.get(NS, 'b')).toBe(undefined)
  })

  test('STO-9 refuses the second take of one key in one commit, and takes nothing', async ({
    store,
    expect,
  }) => {
    await done(store, put('a', 'one'))
    expect(await verdictOf(store, take('a'), take('a'))).toBe(1)
    expect(await verdictOf(store, put('b', 'one', { if: 'absent' }), put('b', 'two', { if: 'absent' }))).toBe(
      1,
    )
    expect(await textAt(store, 'a')).toBe('one')
    expect(await store.get(NS, 'b')).toBe(undefined)
  })

  test('STO-9 commits nothing at all when nothing is asked', async ({ store, expect }) => {
    expect(await store.commit([])).toEqual({ ok: true, out: [] })
  })

  test('STO-10 keeps a copy: bytes changed by a caller afterwards change nothing', async ({
    store,
    expect,
  }) => {
    const value = bytes('one')
    const committed = store.commit([
      { op: 'put', ns: NS, key: 'a', value },
      { op: 'append', name: 'log', entries: [value] },
    ])
    value.fill(0)
    await committed
    ;(await store.get(NS, 'a'))?.value.fill(0)
    for await (const entry of store.range(NS)) entry.value.fill(0)
    for await (const entry of store.read('log', 0)) entry.value.fill(0)
    expect(await textAt(store, 'a')).toBe('one')
    for await (const entry of store.read('log', 0)) expect(textOf(entry.value)).toBe('one')
  })
}
