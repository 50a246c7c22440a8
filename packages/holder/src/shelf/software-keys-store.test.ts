import { utf8 } from '@facet-id/credential/base64url'
import { memoryStore, type Store } from '@facet-id/store'
import { checkSignatures, clock, keyPair, outcomeOf, signerOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { keysIn } from '../wallet.test-support.ts'
import { softwareKeys } from './software-keys-store.ts'

test('a key signs what is checked with its public half, also after a restart', async () => {
  const { store, keys } = opened()
  const [key] = await keys.create(['a.0'])
  if (key === undefined) throw new Error('one key was asked for')
  const signature = await opened(store).keys.sign('a.0', utf8('text'))
  expect(signature).toHaveLength(64)
  expect(checkSignatures([{ alg: key.alg, key: key.publicJwk, data: 'text', signature }])).toEqual(['valid'])
})

test('asked again for a name, it answers with the same key, and makes only those that are new', async () => {
  const { store, keys } = opened()
  const first = await keys.create(['a.0', 'a.1'])
  const more = await opened(store).keys.create(['a.1', 'a.2', 'a.0'])
  expect(more.map(({ keyId }) => keyId)).toEqual(['a.1', 'a.2', 'a.0'])
  expect([more[2], more[0]]).toEqual(first)
  expect(await keysIn(store)).toEqual(['a.0', 'a.1', 'a.2'])
})

test('of two that make the same key at once, both have the same or one is told', async () => {
  const { store, keys } = opened()
  const results = await Promise.all([
    outcomeOf(() => keys.create(['a.0'])),
    outcomeOf(() => keys.create(['a.0'])),
  ])
  expect(results.sort()).toEqual(['accepted', 'state_contended'])
  expect(await keysIn(store)).toEqual(['a.0'])
})

test('a forgotten key signs nothing any more, and forgetting it again is no error', async () => {
  const { store, keys } = opened()
  await keys.create(['a.0', 'a.1'])
  await keys.forget(['a.0', 'b.0'])
  await keys.forget(['a.0'])
  await keys.forget([])
  expect(await outcomeOf(() => keys.sign('a.0', utf8('text')))).toBe('credential_unknown')
  expect(await outcomeOf(() => keys.sign('a.1', utf8('text')))).toBe('accepted')
  expect(await keysIn(store)).toEqual(['a.1'])
})

function opened(store: Store = memoryStore({ now: clock().nowMs })) {
  return { store, keys: softwareKeys({ store, generateKey: keyPair, signerOf }) }
}
