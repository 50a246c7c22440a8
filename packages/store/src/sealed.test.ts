import { outcomeOf, sealerOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { storeContract } from './contract.ts'
import { memoryStore } from './memory.ts'
import { sealedStore } from './sealed.ts'
import type { Entry, Store } from './store.ts'

const key = new Uint8Array(32).fill(7)
const utf8 = (text: string): Uint8Array => new Uint8Array(Buffer.from(text))

storeContract({ test, expect }, 'sealed memory', (clock) => sealedStore(memoryStore(clock), sealerOf(key)))

/** A store, the store beneath it, and one record and one log entry in them. */
async function written(): Promise<{ beneath: Store; store: Store }> {
  const beneath = memoryStore({ now: () => 0 })
  const store = sealedStore(beneath, sealerOf(key))
  await store.commit([
    { op: 'put', ns: 'a', key: 'k', value: utf8('Specimen, Anna') },
    { op: 'append', name: 'log', entries: [utf8('Specimen, Anna')] },
  ])
  return { beneath, store }
}

async function restingAt(store: Store, ns: string, at: string): Promise<Entry> {
  const entry = await store.get(ns, at)
  if (entry === undefined) throw new Error('the record rests there')
  return entry
}

async function drain(items: AsyncIterable<unknown>): Promise<number> {
  let count = 0
  for await (const _ of items) count++
  return count
}

test('STO-31 lets nothing of a value or a log entry rest in the clear', async () => {
  const { beneath, store } = await written()
  const resting = [(await restingAt(beneath, 'a', 'k')).value]
  for await (const { value } of beneath.read('log', 0)) resting.push(value)
  expect(resting.length).toBe(2)
  for (const value of resting) expect(Buffer.from(value).includes('Specimen')).toBe(false)
  expect(await restingAt(store, 'a', 'k').then(({ value }) => Buffer.from(value).toString())).toBe(
    'Specimen, Anna',
  )
})

const changes: readonly (readonly [string, (value: Uint8Array) => Uint8Array])[] = [
  ['changed in its first byte', (value) => value.map((byte, at) => (at === 0 ? byte ^ 1 : byte))],
  [
    'changed in its last byte',
    (value) => value.map((byte, at) => (at === value.length - 1 ? byte ^ 1 : byte)),
  ],
  ['cut short', (value) => value.slice(0, -1)],
  ['cut to nothing', () => new Uint8Array()],
  ['made longer', (value) => Uint8Array.of(...value, 0)],
]
for (const [what, change] of changes) {
  test(`STO-32 refuses a value that was ${what}, whichever way it is read`, async () => {
    const { beneath, store } = await written()
    const { value } = await restingAt(beneath, 'a', 'k')
    await beneath.commit([{ op: 'put', ns: 'a', key: 'k', value: change(value) }])
    expect(await outcomeOf(() => store.get('a', 'k'))).toBe('seal_broken')
    expect(await outcomeOf(() => drain(store.range('a')))).toBe('seal_broken')
    expect(await outcomeOf(() => store.commit([{ op: 'take', ns: 'a', key: 'k' }]))).toBe('seal_broken')
  })
}

test('STO-32 refuses a value that was moved to another key or namespace', async () => {
  const { beneath, store } = await written()
  const { value } = await restingAt(beneath, 'a', 'k')
  await beneath.commit([
    { op: 'put', ns: 'a', key: 'other', value },
    { op: 'put', ns: 'b', key: 'k', value },
    { op: 'append', name: 'k', entries: [value] },
  ])
  expect(await outcomeOf(() => store.get('a', 'other'))).toBe('seal_broken')
  expect(await outcomeOf(() => store.get('b', 'k'))).toBe('seal_broken')
  expect(await outcomeOf(() => drain(store.read('k', 0)))).toBe('seal_broken')
  expect(await outcomeOf(() => store.get('a', 'k'))).toBe('accepted')
})

test('STO-32 refuses a log entry that was moved to another log', async () => {
  const { beneath, store } = await written()
  for await (const { value } of beneath.read('log', 0)) {
    await beneath.commit([{ op: 'append', name: 'other', entries: [value] }])
  }
  expect(await outcomeOf(() => drain(store.read('other', 0)))).toBe('seal_broken')
  expect(await drain(store.read('log', 0))).toBe(1)
})

test('STO-32 takes nothing, and does nothing else of the commit, when what it takes does not open', async () => {
  const { beneath, store } = await written()
  await beneath.commit([{ op: 'put', ns: 'a', key: 'k', value: utf8('garbage') }])
  const commit = store.commit([
    { op: 'put', ns: 'a', key: 'new', value: utf8('x') },
    { op: 'take', ns: 'a', key: 'k' },
  ])
  expect(await outcomeOf(() => commit)).toBe('seal_broken')
  expect(await beneath.get('a', 'new')).toBe(undefined)
  expect((await beneath.get('a', 'k'))?.key).toBe('k')
})

test('STO-33 keeps its own namespace to itself', async () => {
  const { store } = await written()
  const put = { op: 'put', ns: 'sealed', key: 'header', value: utf8('x') } as const
  expect(await outcomeOf(() => store.commit([put]))).toBe('key_malformed')
  expect(await outcomeOf(() => store.get('sealed', 'header'))).toBe('key_malformed')
  expect(await outcomeOf(() => drain(store.range('sealed')))).toBe('key_malformed')
})
