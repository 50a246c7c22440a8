import { memoryStore, type Store } from '@facet-id/store'
import {
  checkSignatures,
  clock,
  keyPair,
  keyPairFor,
  outcomeOf,
  signerFor,
  signerOf,
} from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { holderKeysContract } from '../contract.ts'
import { keysIn } from '../wallet.test-support.ts'
import { softwareKeys } from './software-keys-store.ts'

const runner = { test, expect }

holderKeysContract(runner, 'software', () => withReopen(opened), checkSignatures)

holderKeysContract(
  runner,
  'software, EdDSA',
  () =>
    withReopen((store = freshStore()) => ({
      store,
      keys: softwareKeys({
        store,
        generateKey: () => keyPairFor('EdDSA'),
        signerOf: (jwk) => signerFor('EdDSA', jwk),
      }),
    })),
  checkSignatures,
)

test('of two that make the same key at once, both have the same or one is told, and one is kept', async () => {
  const { store, keys } = opened()
  const results = await Promise.all([
    outcomeOf(() => keys.create(['a.0'])),
    outcomeOf(() => keys.create(['a.0'])),
  ])
  expect(results.sort()).toEqual(['accepted', 'state_contended'])
  expect(await keysIn(store)).toEqual(['a.0'])
})

test('VCI-F.1-1 a key is made for the first algorithm of ours that the issuer takes', async () => {
  const made: string[] = []
  const keys = softwareKeys({
    store: freshStore(),
    generateKey(alg) {
      made.push(alg)
      return keyPairFor(alg)
    },
    signerOf: (jwk) => signerFor('ES256', jwk),
  })
  await keys.create(['a.0'], ['EdDSA', 'ES384'])
  await keys.create(['a.1'])
  expect(made).toEqual(['ES384', 'ES256'])
})

test('only the keys that are new are made, and those that are forgotten leave the store', async () => {
  const { store, keys } = opened()
  await keys.create(['a.0', 'a.1'])
  await keys.create(['a.1', 'a.2'])
  expect(await keysIn(store)).toEqual(['a.0', 'a.1', 'a.2'])
  await keys.forget(['a.0', 'b.0'])
  expect(await keysIn(store)).toEqual(['a.1', 'a.2'])
})

function freshStore(): Store {
  return memoryStore({ now: clock().nowMs })
}

function opened(store: Store = freshStore()) {
  return { store, keys: softwareKeys({ store, generateKey: keyPair, signerOf }) }
}

function withReopen(open: (store?: Store) => ReturnType<typeof opened>) {
  const { store, keys } = open()
  return { keys, reopen: () => open(store).keys }
}
