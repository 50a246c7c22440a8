import { utf8, writeBase64url } from '@facet-id/credential/base64url'
import { memoryStore, type Store } from '@facet-id/store'
import { clock, hash, outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { NOW, PERSON_VCT } from '../issuer.test-support.ts'
import { type LogEntry, logForm, logged } from '../presentation/log-store.ts'
import { CLIENT_ID } from '../verifier.test-support.ts'
import { holding, namesIn, world } from '../wallet.test-support.ts'
import { checkExportedLog } from './exported-log.ts'
import { linkedStore } from './linked-store.ts'
import { deleteLog } from './log-deleting-store.ts'
import { exportLog, readLog } from './log-reading-store.ts'

const entry = (at: number, verifier = 'v'): LogEntry => ({ at, event: 'denied', verifier, shown: [] })

async function written(count: number, store: Store = memoryStore({ now: clock(NOW).nowMs })): Promise<Store> {
  const linked = linkedStore(store, hash)
  for (let at = 0; at < count; at++) await linked.commit([logged(entry(at))])
  return store
}

async function listOf<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const all: T[] = []
  for await (const item of items) all.push(item)
  return all
}

const timesIn = async (store: Store): Promise<readonly number[]> =>
  (await listOf(readLog(store, hash))).map((one) => one.entry.at)

/** What was read before the fault, and the fault. */
async function faultIn(store: Store): Promise<{ readonly read: number; readonly fault?: string }> {
  let read = 0
  try {
    for await (const _ of readLog(store, hash)) read++
    return { read }
  } catch (error) {
    return { read, fault: error instanceof Error ? error.message.replace(/^.*entry (\d+).*$/, '$1') : '' }
  }
}

const NS = 'holder/log-entry'

test('LOG-1 each entry is linked to the one before, in the commit of what it tells of', async () => {
  const { holder, verifier, store } = await holding()
  const before = (await namesIn(store, 'log-entry')).length
  await holder.present(verifier.request())
  const keys = await namesIn(store, 'log-entry')
  expect(keys).toHaveLength(before + 2)
  const records = await Promise.all(keys.map((key) => store.get(NS, key)))
  let link = ''
  for (const [seq, record] of records.entries()) {
    const value = record?.value ?? new Uint8Array()
    expect(JSON.parse(new TextDecoder().decode(value))).toMatchObject({ seq, prev: link })
    link = hash('sha-256', `${link}.${writeBase64url(value)}`)
  }
})

test('LOG-1 what is refused is not logged, and what is logged with others is told in its place', async () => {
  const store = await written(1)
  const linked = linkedStore(store, hash)
  const put = (key: string) => ({ op: 'put', ns: 'a', key, value: utf8('x'), if: 'absent' }) as const
  expect(await linked.commit([put('k'), logged(entry(1)), put('l')])).toMatchObject({
    ok: true,
    out: [{ op: 'put' }, { op: 'append', first: 1 }, { op: 'put' }],
  })
  expect(await linked.commit([logged(entry(2)), put('m'), put('l')])).toEqual({ ok: false, failed: 2 })
  expect(await timesIn(store)).toEqual([0, 1])
  expect(await store.get('a', 'm')).toBeUndefined()
})

test('LOG-1 many at once, from two holders of one store, make one chain', async () => {
  const store = await written(0)
  const [one, other] = [linkedStore(store, hash), linkedStore(store, hash)]
  const done = await Promise.all(
    Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? one : other).commit([logged(entry(at))])),
  )
  expect(done.every(({ ok }) => ok)).toBe(true)
  expect([...(await timesIn(store))].sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, at) => at))
})

async function changed(change: (store: Store, keys: readonly string[]) => Promise<unknown>): Promise<Store> {
  const store = await written(6)
  await change(store, await namesIn(store, 'log-entry'))
  return store
}

const rewritten = (value: Uint8Array, text: (json: string) => string): Uint8Array =>
  utf8(text(new TextDecoder().decode(value)))

test('LOG-2 an entry that was changed is found, and what comes before it is read', async () => {
  const store = await changed(async (inner, keys) => {
    const standing = await inner.get(NS, keys[2] ?? '')
    const value = rewritten(standing?.value ?? utf8(''), (json) => json.replace('"at":2', '"at":9'))
    await inner.commit([{ op: 'put', ns: NS, key: keys[2] ?? '', value }])
  })
  // Its own link shows nothing: that of the next one does.
  expect(await faultIn(store)).toEqual({ read: 3, fault: '3' })
})

test('LOG-2 an entry that was taken out, also the first or the last, is found', async () => {
  const without = (place: number) =>
    changed((inner, keys) => inner.commit([{ op: 'del', ns: NS, key: keys.at(place) ?? '' }]))
  expect(await faultIn(await without(0))).toEqual({ read: 0, fault: '0' })
  expect(await faultIn(await without(3))).toEqual({ read: 3, fault: '3' })
  expect(await faultIn(await without(-1))).toEqual({ read: 5, fault: '5' })
})

test('LOG-2 the last entry, when it was changed, is found by the end that was noted', async () => {
  const store = await changed(async (inner, keys) => {
    const standing = await inner.get(NS, keys[5] ?? '')
    const value = rewritten(standing?.value ?? utf8(''), (json) => json.replace('"at":5', '"at":9'))
    await inner.commit([{ op: 'put', ns: NS, key: keys[5] ?? '', value: value }])
  })
  expect(await faultIn(store)).toEqual({ read: 5, fault: '5' })
})

test('LOG-2 an entry that was put in, and two that changed places, are found', async () => {
  const more = await changed(async (inner, keys) => {
    const standing = await inner.get(NS, keys[5] ?? '')
    const key = String(6).padStart(16, '0')
    await inner.commit([{ op: 'put', ns: NS, key, value: standing?.value ?? utf8('') }])
  })
  expect(await faultIn(more)).toEqual({ read: 6, fault: '6' })
  const swapped = await changed(async (inner, keys) => {
    const [a, b] = await Promise.all([inner.get(NS, keys[1] ?? ''), inner.get(NS, keys[2] ?? '')])
    await inner.commit([
      { op: 'put', ns: NS, key: keys[1] ?? '', value: b?.value ?? utf8('') },
      { op: 'put', ns: NS, key: keys[2] ?? '', value: a?.value ?? utf8('') },
    ])
  })
  expect(await faultIn(swapped)).toEqual({ read: 1, fault: '1' })
})

test('LOG-2 the holder tells by a code of its own', async () => {
  const { holder, verifier, store } = await holding()
  await holder.present(verifier.request())
  const [first = ''] = await namesIn(store, 'log-entry')
  await store.commit([{ op: 'del', ns: NS, key: first }])
  expect(await outcomeOf(() => listOf(holder.log()))).toBe('log_broken')
  expect(await outcomeOf(() => listOf(holder.exportLog()))).toBe('log_broken')
  expect(await outcomeOf(() => holder.deleteLog(NOW + 1))).toBe('log_broken')
})

test('LOG-3 the log is searched by verifier, type, time and outcome', async () => {
  const { holder, verifier, time, person } = await holding()
  time.advance(60)
  await holder.present(verifier.request())
  time.advance(60)
  person.agrees = false
  await outcomeOf(() => holder.present(verifier.request()))
  const found = async (search: Parameters<typeof holder.log>[0]) =>
    (await listOf(holder.log(search))).map(({ event }) => event)
  expect(await found({})).toEqual(['received', 'presenting', 'accepted', 'denied'])
  expect(await found({ verifier: CLIENT_ID })).toEqual(['presenting', 'accepted', 'denied'])
  expect(await found({ verifier: 'other' })).toEqual([])
  expect(await found({ vct: PERSON_VCT })).toEqual(['received', 'presenting', 'accepted'])
  expect(await found({ event: 'denied' })).toEqual(['denied'])
  expect(await found({ from: NOW + 60, until: NOW + 120 })).toEqual(['presenting', 'accepted'])
  expect(await found({ event: 'accepted', vct: 'urn:other' })).toEqual([])
})

test('LOG-4 the log is exported as lines that anybody can verify', async () => {
  const store = await written(4)
  const lines = await listOf(exportLog(store, hash))
  expect(lines).toHaveLength(6)
  for (const line of lines) expect(JSON.parse(line)).toBeTypeOf('object')
  expect(checkExportedLog(lines, hash)).toEqual({
    holds: true,
    entries: 4,
    begins: { next: 0, link: '' },
  })
  for (const [at, line] of lines.entries()) {
    const digit = line.search(/[0-9]/)
    const other = `${line.slice(0, digit)}${line[digit] === '9' ? '8' : '9'}${line.slice(digit + 1)}`
    expect(checkExportedLog(lines.with(at, other), hash).holds).toBe(false)
    expect(checkExportedLog(lines.toSpliced(at, 1), hash).holds).toBe(false)
    expect(checkExportedLog(lines.toSpliced(at, 0, line), hash).holds).toBe(false)
  }
  expect(checkExportedLog(lines.toSpliced(3, 1), hash)).toEqual({ holds: false, line: 4 })
  expect(checkExportedLog([], hash)).toEqual({ holds: false, line: 1 })
  expect(checkExportedLog(['no JSON'], hash)).toEqual({ holds: false, line: 1 })
})

test('LOG-5 the owner deletes what is older than a moment, and what remains is verified from there', async () => {
  const store = await written(250)
  expect(await deleteLog({ store, hash }, 230)).toEqual({ entries: 230 })
  expect(await timesIn(store)).toEqual(Array.from({ length: 20 }, (_, at) => 230 + at))
  expect(await namesIn(store, 'log-entry')).toHaveLength(20)
  await linkedStore(store, hash).commit([logged(entry(250))])
  const lines = await listOf(exportLog(store, hash))
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ begins: { next: 230 } })
  expect(checkExportedLog(lines, hash)).toMatchObject({
    holds: true,
    entries: 21,
    begins: { next: 230 },
  })
  const [first = ''] = await namesIn(store, 'log-entry')
  await store.commit([{ op: 'del', ns: NS, key: first }])
  expect(await faultIn(store)).toEqual({ read: 0, fault: '230' })
})

test('LOG-5 all of it is deleted, and the chain goes on', async () => {
  const { holder, verifier, store } = await holding()
  await holder.present(verifier.request())
  expect(await holder.deleteLog()).toEqual({ entries: 3 })
  expect(await listOf(holder.log())).toEqual([])
  expect(await namesIn(store, 'log-entry')).toEqual([])
  expect(await holder.deleteLog()).toEqual({ entries: 0 })
  await holder.present(verifier.request())
  expect((await listOf(holder.log())).map(({ event }) => event)).toEqual(['presenting', 'accepted'])
})

test('LOG-6 what an older release wrote is read, and covered by the first link after it', async () => {
  const old = async (times: readonly number[]): Promise<Store> => {
    const store = memoryStore({ now: clock(NOW).nowMs })
    const entries = times.map((at) => logForm.write(entry(at)))
    await store.commit([{ op: 'append', name: 'holder/log', entries }])
    return store
  }
  const store = await old([1, 2])
  expect(await timesIn(store)).toEqual([1, 2])
  await linkedStore(store, hash).commit([logged(entry(3))])
  expect(await timesIn(store)).toEqual([1, 2, 3])
  expect(checkExportedLog(await listOf(exportLog(store, hash)), hash)).toMatchObject({
    holds: true,
    entries: 3,
  })
  // The same links after another past.
  const forged = await old([1, 7])
  for (const ns of [NS, 'holder/log-place']) {
    for await (const { key, value } of store.range(ns)) await forged.commit([{ op: 'put', ns, key, value }])
  }
  expect(await faultIn(forged)).toEqual({ read: 2, fault: '2' })
  expect(await deleteLog({ store, hash }, 3)).toEqual({ entries: 2 })
  // Nothing of it rests any more.
  expect(await listOf(store.read('holder/log', 0))).toEqual([])
  expect(await timesIn(store)).toEqual([3])
  const again = world({ store })
  expect((await listOf(again.holder.log())).map(({ at }) => at)).toEqual([3])
})
