import { expect, test } from 'vitest'
import { storeContract } from './contract.ts'
import { memoryStore } from './memory.ts'

storeContract({ test, expect }, 'memory', memoryStore)

test('a refused commit leaves no gap in a counter of the memory store', async () => {
  const store = memoryStore({ now: () => 0 })
  const alloc = { op: 'alloc', name: 'counter', count: 3 } as const
  await store.commit([alloc])
  await store.commit([alloc, { op: 'take', ns: 'a', key: 'missing' }])
  expect(await store.commit([alloc])).toEqual({ ok: true, out: [{ op: 'alloc', first: 3 }] })
})
