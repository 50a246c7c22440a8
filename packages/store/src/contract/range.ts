import { done, keysOf, NS, put, type ScenarioTest, textOf, times } from './scenario.ts'

/** In the order of their UTF-8 bytes, which is neither that of `<` nor that of any alphabet. */
const KEYS = [
  '\0',
  '\0\0',
  '\0a',
  '\u0001',
  '\n',
  ' ',
  '!',
  '/',
  '0',
  '10',
  '9',
  'A',
  'Z',
  'a',
  'a\0',
  'a\0b',
  'a!',
  'aa',
  'b',
  '~',
  '\u007f',
  '\u0080',
  '\u00ff',
  'ä',
  'ß',
  'Ω',
  '中',
  '\ud7ff',
  '\ue000',
  '\uffff',
  '\u{10000}',
  '🂡',
  '\u{10ffff}',
].sort((a, b) => {
  const [left, right] = [new TextEncoder().encode(a), new TextEncoder().encode(b)]
  const at = left.findIndex((byte, index) => byte !== right[index])
  return at === -1 ? left.length - right.length : (left[at] ?? 0) - (right[at] ?? -1)
})

/** Ranges: order, bounds, limits. */
export function rangeContract(test: ScenarioTest): void {
  test('STO-11 ranges in the order of the UTF-8 bytes of keys', async ({ store, expect }) => {
    await done(store, ...KEYS.toReversed().map((key) => put(key, key)))
    await done(store, { op: 'put', ns: 'contract', key: 'a', value: new Uint8Array() })
    await done(store, { op: 'put', ns: 'contract/recor', key: 'a', value: new Uint8Array() })
    await done(store, { op: 'put', ns: 'contract/records', key: 'a', value: new Uint8Array() })
    expect(await keysOf(store)).toEqual(KEYS)
  })

  test('STO-11 ranges with the whole entry', async ({ store, clock, expect }) => {
    const expiresAt = clock.now() + 1000
    await done(store, put('a', 'one', { expiresAt }))
    const version = (await store.get(NS, 'a'))?.version
    for await (const entry of store.range(NS)) {
      expect({ ...entry, value: textOf(entry.value) }).toEqual({ key: 'a', value: 'one', version, expiresAt })
    }
  })

  test('STO-12 keeps to the bounds: from gte on, before lt', async ({ store, expect }) => {
    await done(store, ...KEYS.map((key) => put(key, key)))
    for (const bound of KEYS) {
      const at = KEYS.indexOf(bound)
      expect(await keysOf(store, { gte: bound })).toEqual(KEYS.slice(at))
      expect(await keysOf(store, { lt: bound })).toEqual(KEYS.slice(0, at))
      expect(await keysOf(store, { gte: 'a', lt: bound })).toEqual(KEYS.slice(KEYS.indexOf('a'), at))
    }
    expect(await keysOf(store, { gte: '', limit: 2 })).toEqual(KEYS.slice(0, 2))
    expect(await keysOf(store, { lt: '' })).toEqual([])
    expect(await keysOf(store, { gte: 'b', lt: 'a' })).toEqual([])
    expect(await keysOf(store, { gte: 'a', lt: 'a' })).toEqual([])
  })

  test('STO-12 keeps to the limit, and may be left early', async ({ store, expect }) => {
    await done(store, ...times(100, (index) => put(String(index).padStart(3, '0'), 'x')))
    expect(await keysOf(store, { limit: 0 })).toEqual([])
    expect(await keysOf(store, { gte: '050', limit: 3 })).toEqual(['050', '051', '052'])
    expect((await keysOf(store, { limit: 1000 })).length).toBe(100)
    for await (const entry of store.range(NS)) {
      expect(entry.key).toBe('000')
      break
    }
    await done(store, put('later', 'x'))
    expect((await keysOf(store)).length).toBe(101)
  })
}
