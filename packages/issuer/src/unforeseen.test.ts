import { StoreError } from '@facet-id/store'
import { expect, test } from 'vitest'
import { askToken, refusalIn } from './wallet.test-support.ts'
import { world } from './world.test-support.ts'

test('the operator hears of what a peer is told nothing of, and of nothing else', async () => {
  const here = world()
  const heard: unknown[] = []
  const trouble = new StoreError('seal_broken', 'A sealed value was changed')
  let troubled = true
  const node = world({
    beside: here,
    ports: {
      store: {
        ...here.ports.store,
        get: (ns, key) => (troubled ? Promise.reject(trouble) : here.ports.store.get(ns, key)),
      },
      onUnforeseen(error) {
        heard.push(error)
        throw new Error('the log is full too')
      },
    },
  })
  const made = await here.offer()
  expect(refusalIn(await node.send(askToken(made)))).toBe('500 server_error')
  expect(heard).toEqual([trouble])
  troubled = false
  expect(refusalIn(await node.send(askToken(made, { tx_code: 'wrong' })))).toBe('400 invalid_grant')
  expect((await node.send(askToken(made))).status).toBe(200)
  expect(heard).toEqual([trouble])
})
