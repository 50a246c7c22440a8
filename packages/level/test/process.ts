/**
 * A process of its own that opens a store: what the tests of locks and crashes let loose and kill.
 *
 * `hold <location>`: says `open`, holds the store until its input ends, closes it.
 * `try <location>`: says `accepted` or the code it was refused with.
 * `write <location> <run>`: makes codes, then redeems them, eight at a time; each acknowledged
 *   redemption is written out as one line of JSON before the next is asked.
 * `fill <location>`: puts until it is refused, reads and puts once more, and says what came of it.
 */
import { writeSync } from 'node:fs'
import { StoreError } from '@facet-id/store'
import { openLevelStore } from '../src/index.ts'

const CODES = 3000
const [, , mode, location = '', run = ''] = process.argv

function say(text: string): void {
  writeSync(1, `${text}\n`)
}

async function outcomeOf(action: () => Promise<unknown>): Promise<string> {
  try {
    await action()
    return 'accepted'
  } catch (error) {
    if (error instanceof StoreError) return error.code
    throw error
  }
}

async function hold(): Promise<void> {
  const store = await openLevelStore({ location })
  say('open')
  for await (const _ of process.stdin);
  await store.close()
}

async function write(): Promise<void> {
  const store = await openLevelStore({ location })
  const keys = Array.from({ length: CODES }, (_, index) => `${run}/${index}`)
  const value = new Uint8Array(100).fill(1)
  for (let at = 0; at < CODES; at += 1000) {
    await store.commit(
      keys.slice(at, at + 1000).map((key) => ({ op: 'put', ns: 'code', key, value, expiresAt: 9e15 })),
    )
  }
  let next = 0
  async function redeem(): Promise<void> {
    for (let key = keys[next++]; key !== undefined; key = keys[next++]) {
      const record = new TextEncoder().encode(key)
      const result = await store.commit([
        { op: 'take', ns: 'code', key },
        { op: 'put', ns: 'left', key, value: record, if: 'absent' },
        { op: 'put', ns: 'right', key, value: record, if: 'absent' },
        { op: 'alloc', name: 'index', count: 1 },
        { op: 'append', name: 'audit', entries: [record, record] },
      ])
      say(JSON.stringify({ key, ...result }))
    }
  }
  await Promise.all(Array.from({ length: 8 }, redeem))
}

async function fill(): Promise<void> {
  // Without a handler this signal, which comes with the refused write, would end the process.
  process.on('SIGXFSZ', () => {})
  const store = await openLevelStore({ location })
  const value = new Uint8Array(1000).fill(2)
  let acknowledged = 0
  const failed = await outcomeOf(async () => {
    for (; acknowledged < 100_000; acknowledged++) {
      await store.commit([{ op: 'put', ns: 'fill', key: String(acknowledged), value }])
    }
  })
  const again = await outcomeOf(() => store.commit([{ op: 'put', ns: 'fill', key: 'again', value }]))
  const read = await outcomeOf(() => store.get('fill', '0'))
  const closed = await outcomeOf(() => store.close())
  say(JSON.stringify({ acknowledged, failed, again, read, closed }))
}

if (mode === 'hold') await hold()
if (mode === 'try') say(await outcomeOf(async () => (await openLevelStore({ location })).close()))
if (mode === 'write') await write()
if (mode === 'fill') await fill()
