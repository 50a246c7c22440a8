import type { Store } from '../store.ts'
import { done, NS, put, type ScenarioTest, take, textAt, textOf, times, verdictOf } from './scenario.ts'

/** Commits that meet: what one sees, no other changes under it. */
export function concurrencyContract(test: ScenarioTest): void {
  test('STO-18 lets one of fifty put where all want the key absent', async ({ store, expect }) => {
    const verdicts = await Promise.all(
      times(50, (index) => verdictOf(store, put('a', String(index), { if: 'absent' }))),
    )
    expect(verdicts.filter((verdict) => verdict === 'done').length).toBe(1)
    expect(await textAt(store, 'a')).toBe(String(verdicts.indexOf('done')))
  })

  test('STO-19 lets one of fifty take, and gives it the value', async ({ store, expect }) => {
    await done(store, put('a', 'the one'))
    const results = await Promise.all(times(50, () => store.commit([take('a')])))
    const taken = results.flatMap((result) => (result.ok ? result.out : []))
    expect(taken.map((out) => (out.op === 'take' ? textOf(out.value) : out))).toEqual(['the one'])
  })

  test('STO-20 loses none of forty increments that compare and set', async ({ store, expect }) => {
    await done(store, put('a', '0'))
    await Promise.all(times(40, () => increment(store, 'a')))
    expect(await textAt(store, 'a')).toBe('40')
  })

  test('STO-21 finishes commits that name the same keys in opposite orders', async ({ store, expect }) => {
    const keys = times(8, (index) => `k${index}`)
    await Promise.all(
      times(60, (index) => {
        const order = index % 2 === 0 ? keys : keys.toReversed()
        return done(store, ...order.map((key) => put(key, String(index))))
      }),
    )
    const found = new Set(await Promise.all(keys.map((key) => textAt(store, key))))
    expect(found.size).toBe(1)
  })

  test('STO-22 holds what a commit checked until it is done: of two that rely on each other one is refused', async ({
    store,
    expect,
  }) => {
    for (const round of times(20, String)) {
      const [left, right] = [`left${round}`, `right${round}`]
      const verdicts = await Promise.all([
        verdictOf(store, { op: 'check', ns: NS, key: left }, put(right, 'x')),
        verdictOf(store, { op: 'check', ns: NS, key: right }, put(left, 'x')),
      ])
      expect(verdicts.filter((verdict) => verdict === 'done').length).toBe(1)
    }
  })

  test('STO-22 keeps a sum over several records under concurrent transfers', async ({ store, expect }) => {
    const accounts = times(5, (index) => `account${index}`)
    await done(store, ...accounts.map((account) => put(account, '100')))
    await Promise.all(
      times(60, (index) => {
        const from = accounts[index % 5] ?? ''
        const to = accounts[(index * 3 + 1) % 5] ?? ''
        return from === to ? undefined : transfer(store, from, to)
      }),
    )
    const sums = await Promise.all(accounts.map(async (account) => Number(await textAt(store, account))))
    expect(sums.reduce((sum, each) => sum + each, 0)).toBe(500)
  })

  test('STO-23 shows an acknowledged commit to every read that begins after it', async ({
    store,
    expect,
  }) => {
    await Promise.all(
      times(100, async (index) => {
        await done(store, put(`k${index}`, String(index)))
        expect(await textAt(store, `k${index}`)).toBe(String(index))
        await done(store, take(`k${index}`))
        expect(await textAt(store, `k${index}`)).toBe(undefined)
      }),
    )
  })
}

async function increment(store: Store, key: string): Promise<void> {
  for (;;) {
    const entry = await store.get(NS, key)
    const next = String(Number(textOf(entry?.value)) + 1)
    const verdict = await verdictOf(store, put(key, next, { if: { version: entry?.version ?? '' } }))
    if (verdict === 'done') return
  }
}

async function transfer(store: Store, from: string, to: string): Promise<void> {
  for (;;) {
    const [payer, payee] = [await store.get(NS, from), await store.get(NS, to)]
    const verdict = await verdictOf(
      store,
      put(from, String(Number(textOf(payer?.value)) - 1), { if: { version: payer?.version ?? '' } }),
      put(to, String(Number(textOf(payee?.value)) + 1), { if: { version: payee?.version ?? '' } }),
    )
    if (verdict === 'done') return
  }
}
