import type { Op } from '../store.ts'
import { done, keysOf, logOf, NS, outcomeOf, put, type ScenarioTest, times } from './scenario.ts'

/** Sizes: what must fit, and what is refused with a code before anything is done. */
export function limitsContract(test: ScenarioTest): void {
  test('STO-24 keeps values of no bytes, of a million bytes and of the most it says', async ({
    store,
    expect,
  }) => {
    const { maxValueBytes } = store.capabilities
    for (const size of [0, 1_000_000, maxValueBytes]) {
      const value = new Uint8Array(size).map((_, index) => (index * 31) % 256)
      await done(store, { op: 'put', ns: NS, key: 'large', value })
      const found = (await store.get(NS, 'large'))?.value
      expect(found?.length).toBe(size)
      expect(found?.every((byte, index) => byte === value[index])).toBe(true)
    }
  })

  test('STO-25 commits 200 operations, and as many as it says, at once', async ({ store, expect }) => {
    for (const count of [200, store.capabilities.maxOps]) {
      const out = await done(store, ...times(count, (index) => put(`k${index}`, 'x')))
      expect(out.length).toBe(count)
      expect((await keysOf(store)).length).toBe(count)
    }
  })

  test('STO-26 refuses with a code what passes its limits, and leaves nothing of it', async ({
    store,
    expect,
  }) => {
    const { maxOps, maxValueBytes } = store.capabilities
    const value = new Uint8Array()
    const large = new Uint8Array(maxValueBytes + 1)
    const cases: readonly (readonly [string, readonly Op[]])[] = [
      ['too_many_ops', times(maxOps + 1, (index) => put(`k${index}`, 'x'))],
      ['too_many_ops', [{ op: 'append', name: 'log', entries: times(maxOps + 1, () => value) }]],
      ['value_too_large', [put('a', 'x'), { op: 'put', ns: NS, key: 'b', value: large }]],
      ['value_too_large', [put('a', 'x'), { op: 'append', name: 'log', entries: [large] }]],
      ['key_malformed', [put('a', 'x'), put('', 'x')]],
      ['key_malformed', [put('a', 'x'), put('k'.repeat(2049), 'x')]],
      ['key_malformed', [put('a', 'x'), put('ä'.repeat(1025), 'x')]],
      ['key_malformed', [put('a', 'x'), put('\ud800', 'x')]],
      ['key_malformed', [put('a', 'x'), { op: 'put', ns: 'Upper', key: 'a', value }]],
      ['key_malformed', [put('a', 'x'), { op: 'take', ns: '', key: 'a' }]],
      ['key_malformed', [put('a', 'x'), { op: 'alloc', name: '', count: 1 }]],
      ['op_malformed', [put('a', 'x'), put('b', 'x', { expiresAt: Number.NaN })]],
      ['op_malformed', [put('a', 'x'), put('b', 'x', { expiresAt: -1 })]],
      ['op_malformed', [put('a', 'x'), { op: 'alloc', name: 'counter', count: 0 }]],
      ['op_malformed', [put('a', 'x'), { op: 'alloc', name: 'counter', count: 1.5 }]],
      ['op_malformed', [put('a', 'x'), { op: 'append', name: 'log', entries: [] }]],
      ['op_malformed', [put('a', 'x'), { op: 'trim', name: 'log', from: -1, count: 1 }]],
      ['op_malformed', [put('a', 'x'), { op: 'trim', name: 'log', from: 0, count: 0.5 }]],
      ['key_malformed', [put('a', 'x'), { op: 'trim', name: '', from: 0, count: 1 }]],
      ['too_many_ops', [put('a', 'x'), { op: 'trim', name: 'log', from: 0, count: maxOps }]],
    ]
    for (const [code, ops] of cases) expect(await outcomeOf(() => store.commit(ops))).toBe(code)
    expect(await keysOf(store)).toEqual([])
    expect(await logOf(store, 'log')).toEqual([])
  })

  test('STO-26 refuses with a code questions that are none', async ({ store, expect }) => {
    expect(await outcomeOf(() => store.get(NS, ''))).toBe('key_malformed')
    expect(await outcomeOf(() => store.get('a//b', 'a'))).toBe('key_malformed')
    expect(await outcomeOf(() => keysOf(store, { gte: '\udc00' }))).toBe('key_malformed')
    expect(await outcomeOf(() => keysOf(store, { limit: -1 }))).toBe('op_malformed')
    expect(await outcomeOf(() => logOf(store, 'log', -1))).toBe('op_malformed')
    expect(await outcomeOf(() => logOf(store, 'log', 0, Number.POSITIVE_INFINITY))).toBe('op_malformed')
    expect(await outcomeOf(() => store.sweep(-1))).toBe('op_malformed')
  })

  test('STO-26 accepts keys of the longest length, of any well-formed text', async ({ store, expect }) => {
    for (const key of ['k'.repeat(2048), 'ä'.repeat(1024), '🂡'.repeat(512)]) {
      await done(store, put(key, 'x'))
      expect((await store.get(NS, key))?.key).toBe(key)
    }
  })
}
