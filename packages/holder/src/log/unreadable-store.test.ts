import { utf8 } from '@facet-id/credential/base64url'
import { memoryStore, type Store, sealedStore } from '@facet-id/store'
import { clock, hash, outcomeOf, random, sealerOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { NOW } from '../issuer.test-support.ts'
import { type LogEntry, logForm, logged } from '../presentation/log-store.ts'
import { namesIn, world } from '../wallet.test-support.ts'
import { checkExportedLog } from './exported-log.ts'
import { linkedStore } from './linked-store.ts'
import { deleteLog } from './log-deleting-store.ts'
import { exportLog, readLog } from './log-reading-store.ts'

const NS = 'holder/log-entry'
const PLACE = 'holder/log-place'

const entry = (at: number): LogEntry => ({ at, event: 'denied', verifier: 'v', shown: [] })
const keyOf = (seq: number): string => String(seq).padStart(16, '0')

interface Sealed {
  readonly store: Store
  /** The same, as it rests. */
  readonly raw: Store
}

async function sealed(times: readonly number[], older: readonly number[] = []): Promise<Sealed> {
  const raw = memoryStore({ now: clock(NOW).nowMs })
  const store = sealedStore(raw, sealerOf(random(32)))
  if (older.length > 0) {
    const entries = older.map((at) => logForm.write(entry(at)))
    await store.commit([{ op: 'append', name: 'holder/log', entries }])
  }
  const linked = linkedStore(store, hash)
  for (const at of times) await linked.commit([logged(entry(at))])
  return { store, raw }
}

async function spoil(raw: Store, seqs: readonly number[]): Promise<void> {
  const value = utf8('this opens under no key')
  await raw.commit(seqs.map((seq) => ({ op: 'put', ns: NS, key: keyOf(seq), value })))
}

async function timesIn(store: Store): Promise<readonly number[]> {
  const times: number[] = []
  for await (const one of readLog(store, hash)) times.push(one.entry.at)
  return times
}

/** What is written after it all is read again, and can be verified elsewhere. */
async function expectWhole({ store }: Sealed, times: readonly number[]): Promise<void> {
  await linkedStore(store, hash).commit([logged(entry(99))])
  expect(await timesIn(store)).toEqual([...times, 99])
  const lines: string[] = []
  for await (const line of exportLog(store, hash)) lines.push(line)
  expect(checkExportedLog(lines, hash)).toMatchObject({ holds: true, entries: times.length + 1 })
}

test.each([[[0]], [[2]], [[5]], [[0, 1, 4]], [[3, 4, 5]], [[0, 1, 2, 3, 4, 5]]])(
  'LOG-11 all of a log of six is deleted, of which %j cannot be read, and their number is told',
  async (seqs) => {
    const there = await sealed([0, 1, 2, 3, 4, 5])
    await spoil(there.raw, seqs)
    expect(await outcomeOf(() => timesIn(there.store))).toBe('seal_broken')
    const told = { entries: 6, wasBroken: true, unreadable: seqs.length }
    expect(await deleteLog({ store: there.store, hash })).toEqual(told)
    expect(await namesIn(there.raw, 'log-entry')).toEqual([])
    expect(await deleteLog({ store: there.store, hash })).toEqual({ entries: 0 })
    await expectWhole(there, [])
  },
)

test('LOG-11 entries that cannot be read are found also where others between them are missing', async () => {
  const there = await sealed(Array.from({ length: 300 }, (_, at) => at))
  await spoil(there.raw, [10, 150, 299])
  for (let seq = 0; seq < 299; seq++)
    if (seq !== 10 && seq !== 150) await there.raw.commit([{ op: 'del', ns: NS, key: keyOf(seq) }])
  const told = { entries: 3, wasBroken: true, unreadable: 3 }
  expect(await deleteLog({ store: there.store, hash })).toEqual(told)
  expect(await namesIn(there.raw, 'log-entry')).toEqual([])
  await expectWhole(there, [])
})

test('LOG-11 a log whose notes of where it begins and ends cannot be read is deleted, and goes on', async () => {
  for (const notes of [['head'], ['anchor'], ['head', 'anchor']]) {
    const there = await sealed([0, 1, 2, 3])
    await deleteLog({ store: there.store, hash }, 1)
    const value = utf8('this opens under no key')
    await there.raw.commit(notes.map((key) => ({ op: 'put', ns: PLACE, key, value })))
    expect(await outcomeOf(() => timesIn(there.store))).toBe('seal_broken')
    expect(await outcomeOf(() => deleteLog({ store: there.store, hash }, 2))).toBe('seal_broken')
    expect(await deleteLog({ store: there.store, hash })).toEqual({ entries: 3, wasBroken: true })
    expect(await namesIn(there.raw, 'log-entry')).toEqual([])
    await expectWhole(there, [])
  }
})

test('LOG-11 a log under another key than the wallet has is deleted whole', async () => {
  const { raw } = await sealed([3, 4], [1, 2])
  const store = sealedStore(raw, sealerOf(random(32)))
  const told = { entries: 4, wasBroken: true, unreadable: 4 }
  expect(await deleteLog({ store, hash })).toEqual(told)
  for await (const left of raw.read('holder/log', 0)) expect(left).toBeUndefined()
  expect(await namesIn(raw, 'log-entry')).toEqual([])
  await expectWhole({ raw, store }, [])
})

test.each<[readonly number[], object, readonly number[]]>([
  [[0], { entries: 4, unreadable: 1 }, [40, 50]],
  [[1, 2], { entries: 4, unreadable: 2 }, [40, 50]],
  // Of what time the one before the first that stays is nobody knows.
  [[3], { entries: 3, unreadableLeft: 1 }, []],
  [[0, 2, 3], { entries: 2, unreadable: 1, unreadableLeft: 2 }, []],
  [[0, 1, 2, 3], { entries: 0, unreadableLeft: 4 }, []],
  // What is later is nothing to it.
  [[5], { entries: 4 }, [40]],
])(
  'LOG-11 of a log of which %j cannot be read goes what is older than a moment, and no more',
  async (seqs, told, left) => {
    const there = await sealed([0, 10, 20, 30, 40, 50])
    await spoil(there.raw, seqs)
    expect(await deleteLog({ store: there.store, hash }, 40)).toEqual(told)
    const entries = 'entries' in told ? Number(told.entries) : Number.NaN
    expect(await namesIn(there.raw, 'log-entry')).toHaveLength(6 - entries)
    if (left.length === 2) return expectWhole(there, left)
    expect(await outcomeOf(() => timesIn(there.store))).toBe('seal_broken')
    await deleteLog({ store: there.store, hash })
    await expectWhole(there, [])
  },
)

test('LOG-11 past what cannot be read, no part goes of a log that is broken besides', async () => {
  const faults: readonly ((there: Sealed) => Promise<unknown>)[] = [
    ({ raw }) => raw.commit([{ op: 'del', ns: NS, key: keyOf(2) }]),
    ({ raw }) => raw.commit([{ op: 'del', ns: NS, key: keyOf(5) }]),
    ({ raw }) => raw.commit([{ op: 'del', ns: PLACE, key: 'head' }]),
    async ({ store }) => {
      const text = new TextDecoder().decode((await store.get(NS, keyOf(3)))?.value)
      const value = utf8(text.replace('"at":30', '"at":31'))
      return store.commit([{ op: 'put', ns: NS, key: keyOf(3), value }])
    },
  ]
  for (const fault of faults) {
    const there = await sealed([0, 10, 20, 30, 40, 50])
    await spoil(there.raw, [1])
    await fault(there)
    const left = (await namesIn(there.raw, 'log-entry')).length
    expect(await outcomeOf(() => deleteLog({ store: there.store, hash }, 60))).toBe('seal_broken')
    expect(await namesIn(there.raw, 'log-entry')).toHaveLength(left)
    expect(await deleteLog({ store: there.store, hash })).toMatchObject({ wasBroken: true, unreadable: 1 })
    await expectWhole(there, [])
  }
})

/** A log that an older release began, of which one entry does not open. */
async function spoiledOfOld(
  older: readonly number[],
  spoilt: number,
  times: readonly number[],
): Promise<Sealed> {
  const sealer = sealerOf(random(32))
  const whole = memoryStore({ now: clock(NOW).nowMs })
  const entries = older.map((at) => logForm.write(entry(at)))
  await sealedStore(whole, sealer).commit([{ op: 'append', name: 'holder/log', entries }])
  const linked = linkedStore(sealedStore(whole, sealer), hash)
  for (const at of times) await linked.commit([logged(entry(at))])
  // The same, but for that entry.
  const raw = memoryStore({ now: clock(NOW).nowMs })
  for await (const { seq, value } of whole.read('holder/log', 0)) {
    const kept = seq === spoilt ? utf8('this opens under no key') : value
    await raw.commit([{ op: 'append', name: 'holder/log', entries: [kept] }])
  }
  for (const ns of [NS, PLACE]) {
    for await (const { key, value } of whole.range(ns)) await raw.commit([{ op: 'put', ns, key, value }])
  }
  return { store: sealedStore(raw, sealer), raw }
}

test('LOG-11 what stands before an entry of an older release that cannot be read is gone at rest', async () => {
  const { store, raw } = await spoiledOfOld([1, 2, 3, 4], 2, [5, 6])
  expect(await deleteLog({ store, hash }, 3)).toEqual({ entries: 2, unreadableLeft: 1 })
  const left: number[] = []
  for await (const { seq } of raw.read('holder/log', 0)) left.push(seq)
  expect(left).toEqual([2, 3])
})

test('LOG-11 past an entry of an older release that cannot be read, a part goes to an entry that says what it follows', async () => {
  const { store, raw } = await spoiledOfOld([10, 20], 0, [30, 40])
  // Nothing says what the second one follows.
  expect(await deleteLog({ store, hash }, 30)).toEqual({ entries: 0, unreadableLeft: 1 })
  expect(await deleteLog({ store, hash }, 40)).toEqual({ entries: 3, unreadable: 1 })
  await expectWhole({ store, raw }, [40])
})

test('LOG-11 a wallet whose log cannot be read presents again once its owner deleted it', async () => {
  const raw = memoryStore({ now: clock(NOW).nowMs })
  const store = sealedStore(raw, sealerOf(random(32)))
  const { holder, issuer, verifier } = world({ store })
  await holder.accept(issuer.link)
  await raw.commit([{ op: 'put', ns: PLACE, key: 'head', value: utf8('this opens under no key') }])
  await spoil(raw, [0])
  const again = world({ store, issuer, verifier })
  expect(await again.holder.deleteLog()).toEqual({ entries: 1, wasBroken: true, unreadable: 1 })
  expect((await again.holder.present(verifier.request())).accepted).toBe(true)
  expect(await timesIn(store)).toEqual([NOW, NOW])
})
