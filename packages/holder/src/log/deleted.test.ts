import { utf8 } from '@facet-id/credential/base64url'
import { memoryStore, type Store } from '@facet-id/store'
import { clock, hash, outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { NOW } from '../issuer.test-support.ts'
import { type LogEntry, logged } from '../presentation/log-store.ts'
import { holding, namesIn, world } from '../wallet.test-support.ts'
import { linkedStore } from './linked-store.ts'
import { deleteLog } from './log-deleting-store.ts'
import { readLog } from './log-reading-store.ts'

const NS = 'holder/log-entry'
const PLACE = 'holder/log-place'

const entry = (at: number): LogEntry => ({ at, event: 'denied', verifier: 'v', shown: [] })

async function written(times: readonly number[]): Promise<Store> {
  const store = memoryStore({ now: clock(NOW).nowMs })
  for (const at of times) await linkedStore(store, hash).commit([logged(entry(at))])
  return store
}

const counted = (count: number) => Array.from({ length: count }, (_, at) => at)

/** Every second question and commit takes its time, as on a disk. */
function slow(store: Store): Store {
  let turn = 0
  const wait = async (): Promise<void> => {
    const turns = turn++ % 2 === 0 ? 0 : 20
    for (let waited = 0; waited < turns; waited++) await Promise.resolve()
  }
  return {
    ...store,
    get capabilities() {
      return store.capabilities
    },
    async get(ns, key) {
      await wait()
      return store.get(ns, key)
    },
    async commit(ops) {
      await wait()
      return store.commit(ops)
    },
    async *range(ns, within) {
      await wait()
      yield* store.range(ns, within)
    },
  }
}

async function timesIn(store: Store): Promise<readonly number[]> {
  const times: number[] = []
  for await (const one of readLog(store, hash)) times.push(one.entry.at)
  return times
}

const sum = (all: readonly { readonly entries: number }[]): number =>
  all.reduce((total, { entries }) => total + entries, 0)

test('LOG-7 several deletions at once leave a log that holds, and each entry goes once', async () => {
  for (const moments of [[], [60, 120, 180], [180, 120, 60], [undefined, 100, undefined, 150]]) {
    const store = await written(counted(250))
    const many = moments.length === 0 ? [undefined, undefined, undefined, undefined] : moments
    const done = await Promise.all(many.map((before) => deleteLog({ store: slow(store), hash }, before)))
    const all = many.includes(undefined) ? 250 : 180
    expect(sum(done)).toBe(all)
    expect(await timesIn(store)).toEqual(counted(250).slice(all))
    expect(await namesIn(store, 'log-entry')).toHaveLength(250 - all)
    await linkedStore(store, hash).commit([logged(entry(250))])
    expect((await timesIn(store)).at(-1)).toBe(250)
  }
})

test('LOG-7 what is written and read while the log is deleted is neither lost nor a fault', async () => {
  const store = await written(counted(150))
  const linked = linkedStore(slow(store), hash)
  const [, , , read] = await Promise.all([
    deleteLog({ store: slow(store), hash }, 140),
    deleteLog({ store: slow(store), hash }),
    Promise.all(counted(20).map((at) => linked.commit([logged(entry(150 + at))]))),
    timesIn(slow(store)),
  ])
  expect(read).toEqual([...read].sort((a, b) => a - b))
  const left = await timesIn(store)
  expect(left).toEqual(counted(170).slice(170 - left.length))
})

test('LOG-7 what a deletion left that was interrupted goes with the next', async () => {
  const store = await written(counted(5))
  const broken: Store = {
    ...store,
    async commit(ops) {
      if (ops.some(({ op }) => op === 'del')) throw new Error('The power is off')
      return store.commit(ops)
    },
  }
  await expect(deleteLog({ store: broken, hash }, 3)).rejects.toThrow('The power is off')
  expect(await timesIn(store)).toEqual([3, 4])
  expect(await namesIn(store, 'log-entry')).toHaveLength(5)
  expect(await deleteLog({ store, hash }, 3)).toEqual({ entries: 0 })
  expect(await namesIn(store, 'log-entry')).toHaveLength(2)
})

test('LOG-8 a log that is broken is deleted as a whole, and the wallet is told; what comes then is verified', async () => {
  const faults: readonly ((store: Store, keys: readonly string[]) => Promise<unknown>)[] = [
    (store, [first = '']) => store.commit([{ op: 'del', ns: NS, key: first }]),
    (store, keys) => store.commit([{ op: 'del', ns: NS, key: keys.at(-1) ?? '' }]),
    (store, [, second = '']) => store.commit([{ op: 'put', ns: NS, key: second, value: utf8('no record') }]),
    (store, keys) => store.commit([...keys].map((key) => ({ op: 'del', ns: NS, key }))),
    (store) => store.commit([{ op: 'del', ns: PLACE, key: 'head' }]),
  ]
  for (const spoil of faults) {
    const { holder, verifier, store } = await holding()
    await holder.present(verifier.request())
    await spoil(store, await namesIn(store, 'log-entry'))
    const read = async () => {
      for await (const _ of holder.log());
    }
    expect(await outcomeOf(read)).toBe('log_broken')
    expect(await outcomeOf(() => holder.deleteLog(NOW + 1))).toBe('log_broken')
    expect(await holder.deleteLog()).toMatchObject({ wasBroken: true })
    expect(await namesIn(store, 'log-entry')).toEqual([])
    expect(await holder.deleteLog()).toEqual({ entries: 0 })
    await holder.present(verifier.request())
    expect(await timesIn(store)).toEqual([NOW, NOW])
  }
})

test('LOG-9 a wallet that lost the end of its log goes on, and the log tells', async () => {
  for (const isRestarted of [false, true]) {
    const { holder, verifier, store } = await holding()
    await store.commit([{ op: 'del', ns: PLACE, key: 'head' }])
    const after = isRestarted ? world({ store, verifier }).holder : holder
    expect((await after.present(verifier.request())).accepted).toBe(true)
    const read: string[] = []
    const reading = async () => {
      for await (const { event } of after.log()) read.push(event)
    }
    expect(await outcomeOf(reading)).toBe('log_broken')
    expect(read).toEqual(['received'])
    expect(await after.deleteLog()).toEqual({ entries: 3, wasBroken: true })
  }
})

test('LOG-10 a moment that is none deletes nothing, and an entry of a later time keeps what comes after it', async () => {
  const store = await written([1, 2, 9, 3])
  for (const moment of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    expect(await outcomeOf(() => deleteLog({ store, hash }, moment))).toBe('choice_invalid')
  }
  expect(await deleteLog({ store, hash }, 5)).toEqual({ entries: 2 })
  expect(await timesIn(store)).toEqual([9, 3])
})
