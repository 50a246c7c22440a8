import { memoryStore, type Op, type Store } from '@facet-id/store'
import { checkSignatures, keyPairFor, outcomeOf, signerFor } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { keysIn, type Time, world } from '../agents.test-support.ts'
import type { KeyHolder } from './held-keys.ts'

const web = { method: 'web', domain: 'issuer.example' } as const
const webvh = { method: 'webvh', domain: 'issuer.example' } as const
const nobody = ['did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH']

type Pair = ReturnType<typeof keyPairFor>

/** A token that may be unplugged. */
function tokenOf(name = 'token') {
  const there = new Map<string, Pair>()
  const state = { isUnplugged: false, made: 0 }
  const holder: KeyHolder = {
    name,
    async create(alg) {
      const pair = keyPairFor(alg)
      const ref = `slot-${state.made++}`
      there.set(ref, pair)
      return { ref, publicJwk: pair.publicJwk }
    },
    async signerOf(ref, kid) {
      const pair = there.get(ref)
      if (pair === undefined) throw new Error('the token has no such key')
      return signerFor(pair.alg === 'EdDSA' ? 'EdDSA' : 'ES256', pair.privateJwk, kid)
    },
    async destroy(ref) {
      if (state.isUnplugged) throw new Error('the token is gone')
      there.delete(ref)
    },
  }
  return { there, state, holder }
}

/** The records of keys that are to be destroyed, or may have to be. */
async function loose(store: Store): Promise<number> {
  return [...(await keysIn(store, 'agent/key-made')), ...(await keysIn(store, 'agent/key-ended'))].length
}

function newStore(time: Time): Store {
  return memoryStore({ now: () => time.seconds * 1000 })
}

test('DMG-3 the holder of a retired key has it no more', async () => {
  const { there, holder } = tokenOf()
  const { dids, store } = world({ holder })
  const did = await dids.create(web)
  const before = [...there.keys()]
  await dids.rotate(did, 3600)
  expect(there.size).toBe(2)
  for (const ref of before) expect(there.has(ref)).toBe(false)
  expect(await loose(store)).toBe(0)
})

test.each([web, webvh])('DMG-9 the holder has no key of a did:$method that was given up', async (wish) => {
  const { there, holder } = tokenOf()
  const { dids, store } = world({ holder })
  const did = await dids.create(wish)
  await dids.rotate(did, 60)
  await dids.addService(did, { id: 'desk', type: 'Desk', serviceEndpoint: 'https://issuer.example' })
  expect(there.size).toBe((await keysIn(store, 'agent/key')).length)
  await dids.deactivate(did)
  expect(there.size).toBe(0)
  expect(await loose(store)).toBe(0)
})

test('DMG-3 what is refused leaves no key at the holder', async () => {
  const { there, holder } = tokenOf()
  const witnesses = { ask: async () => undefined, checkSignatures }
  const { dids, store } = world({ holder, witnesses })
  const did = await dids.create(web, 'node')
  for (const [wish, alias, code] of [
    [{ method: 'jwk' }, 'node', 'alias_taken'],
    [web, undefined, 'did_taken'],
    [{ ...webvh, witness: { threshold: 1, witnesses: nobody } }, undefined, 'witness_missing'],
  ] as const) {
    expect(await outcomeOf(() => dids.create(wish, alias))).toBe(code)
    expect(there.size).toBe(2)
  }
  await Promise.all([dids.rotate(did, 60), dids.rotate(did, 60)].map((one) => one.catch(() => {})))
  expect(there.size).toBe(2)
  expect(await loose(store)).toBe(0)
})

test('DMG-3, DMG-4 a process that ended between commit and destruction is caught up with at the next start', async () => {
  const { there, state, holder } = tokenOf()
  const { dids, store } = world({ holder })
  const did = await dids.create(web, 'node')
  state.isUnplugged = true
  await dids.rotate(did, 60)
  expect(there.size).toBe(4)
  const again = world({ store, holder })
  expect(await again.dids.sweepKeys()).toBe(2)
  state.isUnplugged = false
  expect(await world({ store, holder: tokenOf('other').holder }).dids.sweepKeys()).toBe(2)
  expect(await world({ store }).dids.sweepKeys()).toBe(2)
  expect(await again.dids.sweepKeys()).toBe(0)
  expect(await again.dids.sweepKeys()).toBe(0)
  expect(there.size).toBe(2)
  expect(await outcomeOf(() => again.identify('node'))).toBe('accepted')
})

test('DMG-4 keys of a DID that an interruption kept from being made are destroyed, and of those under way none', async () => {
  const time: Time = { seconds: 1_800_000_000 }
  const beneath = newStore(time)
  let isDead = false
  /** The process ends before it keeps a DID, and does nothing after it. */
  const store: Store = {
    ...beneath,
    async commit(ops: readonly Op[]) {
      isDead ||= ops.some((op) => 'ns' in op && op.ns === 'agent/did')
      if (isDead) throw new Error('the process is gone')
      return beneath.commit(ops)
    },
    get: (ns, key) => (isDead ? Promise.reject(new Error('the process is gone')) : beneath.get(ns, key)),
  }
  const { there, holder } = tokenOf()
  await world({ store, time, holder })
    .dids.create(web)
    .catch(() => {})
  expect(there.size).toBe(2)
  const again = world({ store: beneath, time, holder })
  expect(await again.dids.sweepKeys()).toBe(0)
  expect(there.size).toBe(2)
  time.seconds += 601
  expect(await again.dids.sweepKeys()).toBe(0)
  expect(there.size).toBe(0)
  expect(await loose(beneath)).toBe(0)
})

test('DMG-4 a DID that takes its keys later than they are kept for it is refused', async () => {
  const time: Time = { seconds: 1_800_000_000 }
  const { there, holder } = tokenOf()
  const store = newStore(time)
  const slow: KeyHolder = {
    ...holder,
    async signerOf(ref, kid) {
      const signer = await holder.signerOf(ref, kid)
      time.seconds += 601
      await world({ store, time, holder }).dids.sweepKeys()
      return signer
    },
  }
  expect(await outcomeOf(() => world({ store, time, holder: slow }).dids.create(webvh))).toBe('did_taken')
  expect(there.size).toBe(0)
  expect(await keysIn(store, 'agent/did')).toEqual([])
})
