import { findVerificationMethod, resolveDidJwk } from '@facet-id/credential/did'
import { memoryStore, type Op, type Store } from '@facet-id/store'
import { checkSignatures, clock, hash, keyPair, outcomeOf, signerOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { createDidAgent } from './did-agent.ts'

const { now, nowMs } = clock()

const keys = { generate: keyPair, signerOf }

function world(store: Store = memoryStore({ now: nowMs })) {
  return { store, ...createDidAgent({ store, keys, hash, now }) }
}

async function keysOf(store: Store, ns: string): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of store.range(ns)) keys.push(key)
  return keys
}

const data = 'header.payload'

test('KEY-17 makes a DID whose key signs, and finds it again', async () => {
  const { identify } = world()
  const identity = await identify('issuer')
  expect(identity.kid).toBe(`${identity.did}#0`)
  expect(identity.signer).toMatchObject({ alg: 'ES256', kid: identity.kid })
  expect(identity.createdAt).toBe(now())
  const method = findVerificationMethod(resolveDidJwk(identity.did), identity.kid, 'assertionMethod')
  expect(method?.publicKeyJwk).toEqual(identity.publicJwk)
  const signature = await identity.signer.sign(new TextEncoder().encode(data))
  expect(checkSignatures([{ alg: 'ES256', key: identity.publicJwk, data, signature }])).toEqual(['valid'])
  expect(await identify('issuer')).toMatchObject({ did: identity.did, publicJwk: identity.publicJwk })
})

test('KEY-17 one alias has one DID when twenty ask at once, and after the store is opened again', async () => {
  const { store, identify, agent } = world()
  const asked = Array.from({ length: 20 }, (_, i) =>
    i % 2 === 0 ? identify('issuer') : agent.didManagerGetOrCreate({ alias: 'issuer' }),
  )
  const dids = new Set((await Promise.all(asked)).map(({ did }) => did))
  expect(dids.size).toBe(1)
  expect(await keysOf(store, 'agent/did')).toEqual([...dids])
  expect(await keysOf(store, 'agent/key')).toHaveLength(1)
  const reopened = await Promise.all(Array.from({ length: 20 }, () => world(store).identify('issuer')))
  expect(new Set(reopened.map(({ did }) => did))).toEqual(dids)
})

test('KEY-17 two agents over one store agree', async () => {
  const { store } = world()
  const asked = Array.from({ length: 20 }, () => world(store).identify('issuer'))
  expect(new Set((await Promise.all(asked)).map(({ did }) => did)).size).toBe(1)
  expect(await keysOf(store, 'agent/key')).toHaveLength(1)
})

test('KEY-17 different aliases have different DIDs', async () => {
  const { identify } = world()
  const asked = ['issuer', 'verifier', 'issuer:2'].map((alias) => identify(alias))
  expect(new Set((await Promise.all(asked)).map(({ did }) => did)).size).toBe(3)
})

test('KEY-17 of twenty that create one alias at once, one succeeds', async () => {
  const { agent, store } = world()
  const asked = Array.from({ length: 20 }, () => agent.didManagerCreate({ alias: 'issuer' }))
  const settled = await Promise.allSettled(asked)
  expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(await keysOf(store, 'agent/did')).toHaveLength(1)
  expect(await keysOf(store, 'agent/key')).toHaveLength(1)
})

class Crash extends Error {}

/** Loses power at the nth call: before the store did it, or after it did and before it said so. */
function crashing(
  store: Store,
  at: number,
  moment: 'before' | 'after',
): { store: Store; hasCrashed(): boolean } {
  let calls = 0
  async function call<T>(act: () => Promise<T>): Promise<T> {
    const isLast = calls++ === at
    if (calls > at + 1 || (isLast && moment === 'before')) throw new Crash('power is lost')
    const result = await act()
    if (isLast) throw new Crash('power is lost')
    return result
  }
  const wrapped: Store = {
    ...store,
    get: (ns, key) => call(() => store.get(ns, key)),
    commit: (ops: readonly Op[]) => call(() => store.commit(ops)),
  }
  return { store: wrapped, hasCrashed: () => calls > at }
}

test.each(['before', 'after'] as const)(
  'KEY-18 a crash %s any step leaves the DID, its key and its alias together, or none of them',
  async (moment) => {
    let crashes = 0
    for (let at = 0; ; at++) {
      const rests = memoryStore({ now: nowMs })
      const { store, hasCrashed } = crashing(rests, at, moment)
      const first = await world(store)
        .identify('issuer')
        .catch((error: unknown) => error)
      const left = await Promise.all(['agent/did', 'agent/key', 'agent/alias'].map((ns) => keysOf(rests, ns)))
      expect([0, 1]).toContain(left[0]?.length)
      expect(new Set(left.map((keys) => keys.length)).size).toBe(1)
      const again = await world(rests).identify('issuer')
      expect(await keysOf(rests, 'agent/did')).toEqual([again.did])
      expect(await keysOf(rests, 'agent/key')).toHaveLength(1)
      expect(left[0]?.[0] ?? again.did).toBe(again.did)
      const signature = await again.signer.sign(new TextEncoder().encode(data))
      expect(checkSignatures([{ alg: 'ES256', key: again.publicJwk, data, signature }])).toEqual(['valid'])
      if (!hasCrashed()) {
        expect(first).toMatchObject({ did: again.did })
        break
      }
      expect(first).toBeInstanceOf(Crash)
      crashes++
    }
    expect(crashes).toBeGreaterThanOrEqual(4)
  },
)

test('KEY-18 a read that fails once makes no second DID', async () => {
  const rests = memoryStore({ now: nowMs })
  const { did } = await world(rests).identify('issuer')
  let failures = 0
  for (let at = 0; at < 8; at++) {
    let reads = 0
    const flaky: Store = {
      ...rests,
      get: async (ns, key) => {
        if (reads++ !== at) return rests.get(ns, key)
        failures++
        throw new Crash('the disk is busy')
      },
    }
    const outcome = await world(flaky)
      .identify('issuer')
      .catch((error: unknown) => error)
    if (!(outcome instanceof Crash)) expect(outcome).toMatchObject({ did })
    expect(await keysOf(rests, 'agent/did')).toEqual([did])
    expect(await keysOf(rests, 'agent/key')).toHaveLength(1)
  }
  expect(failures).toBeGreaterThan(3)
})

const record = (value: object): Uint8Array => new TextEncoder().encode(JSON.stringify(value))

test.each([
  ['a DID of a later release', 'agent/did', { v: 3 }, 'format_unknown'],
  ['a key of a later release', 'agent/key', { v: 3 }, 'format_unknown'],
  ['the key of another DID', 'agent/key', { v: 1, privateJwk: keyPair().privateJwk }, 'record_corrupt'],
  ['no record', 'agent/key', [], 'store_corrupt'],
])('KEY-21 refuses what rests damaged, and makes no new DID in its place: %s', async (_, ns, value, code) => {
  const { store, identify } = world()
  const { did } = await identify('issuer')
  const [key = ''] = await keysOf(store, ns)
  await store.commit([{ op: 'put', ns, key, value: record(value) }])
  expect(await outcomeOf(() => identify('issuer'))).toBe(code)
  expect(await keysOf(store, 'agent/did')).toEqual([did])
})

test.each([
  ['a key without its DID', 'agent/did'],
  ['a DID without its key', 'agent/key'],
])('KEY-21 refuses what rests in part, and makes no new DID in its place: %s', async (_, ns) => {
  const { store, identify } = world()
  await identify('issuer')
  const [key = ''] = await keysOf(store, ns)
  await store.commit([{ op: 'del', ns, key }])
  expect(await outcomeOf(() => identify('issuer'))).toBe('record_corrupt')
  expect(await keysOf(store, 'agent/alias')).toEqual(['issuer'])
})

test('KEY-21 an alias of a later release is refused, and not taken over', async () => {
  const { store, identify } = world()
  await store.commit([{ op: 'put', ns: 'agent/alias', key: 'issuer', value: record({ v: 2 }) }])
  expect(await outcomeOf(() => identify('issuer'))).toBe('format_unknown')
  expect(await keysOf(store, 'agent/did')).toEqual([])
})

test('KEY-22 makes the key that was asked for, and refuses to be asked for others', async () => {
  const { agent, store } = world()
  const made = await agent.didManagerCreate({ options: { keyType: 'Secp256r1' } })
  expect(made).toMatchObject({ provider: 'did:jwk', controllerKeyId: `${made.did}#0` })
  expect(made.keys[0]).toMatchObject({ type: 'Secp256r1', kid: `${made.did}#0`, kms: 'facet' })
  for (const options of [{ keyType: 'X25519' }, { keyType: 'Secp256k1' }, { privateKeyHex: '00' }]) {
    expect(await outcomeOf(() => agent.didManagerCreate({ options }))).toBe('not_supported')
  }
  expect(await outcomeOf(() => agent.didManagerCreate({ kms: 'local' }))).toBe('not_supported')
  await expect(agent.didManagerCreate({ provider: 'did:ethr' })).rejects.toThrow('does not exist')
  const { kid } = await agent.keyManagerGet({ kid: `${made.did}#0` })
  expect(await outcomeOf(() => agent.keyManagerSign({ keyRef: kid, data, algorithm: 'ES256K' }))).toBe(
    'not_supported',
  )
  expect(await keysOf(store, 'agent/did')).toHaveLength(1)
})

test('KEY-22 the agent signs ES256 too, with the key that the document names', async () => {
  const { agent, identify } = world()
  const { kid, publicJwk } = await identify('issuer')
  const { publicKeyHex } = await agent.keyManagerGet({ kid })
  expect(publicKeyHex).toMatch(/^04[0-9a-f]{128}$/)
  expect(Buffer.from(publicKeyHex.slice(2, 66), 'hex').toString('base64url')).toBe(publicJwk.x)
  const signature = Buffer.from(await agent.keyManagerSign({ keyRef: kid, data }), 'base64url')
  expect(checkSignatures([{ alg: 'ES256', key: publicJwk, data, signature }])).toEqual(['valid'])
  for (const wrong of [kid.slice(0, -1), `${kid}0`, kid.replace('#0', '#1'), 'issuer']) {
    expect(await outcomeOf(() => agent.keyManagerSign({ keyRef: wrong, data }))).toBe('key_unknown')
  }
})

test('KEY-23 the key of a DID signs and nothing else: no key agreement', async () => {
  const { did, publicJwk } = await world().identify('issuer')
  expect(publicJwk.use).toBe('sig')
  const document = resolveDidJwk(did)
  expect(document.assertionMethod).toEqual([`${did}#0`])
  expect(document.authentication).toEqual([`${did}#0`])
  expect(document.keyAgreement).toBeUndefined()
})

test('KEY-23 a generator that loses zeros in front of a coordinate makes no DID', async () => {
  const { privateJwk, publicJwk } = keyPair()
  const short = { ...publicJwk, x: Buffer.alloc(31, 1).toString('base64url') }
  const store = memoryStore({ now: nowMs })
  const keys = { signerOf, generate: () => ({ publicJwk: short, privateJwk: { ...privateJwk, ...short } }) }
  const { identify } = createDidAgent({ store, keys, hash, now })
  expect(await outcomeOf(() => identify('issuer'))).toBe('jwk_malformed')
  expect(await keysOf(store, 'agent/did')).toEqual([])
})

test.each(['', ' ', 'an issuer', 'is\u0000suer', 'é', 'a'.repeat(129)])(
  'KEY-24 refuses an alias that is no name: %j',
  async (alias) => {
    const { store, identify, agent } = world()
    expect(await outcomeOf(() => identify(alias))).toBe('alias_malformed')
    expect(await outcomeOf(() => agent.didManagerCreate({ alias }))).toBe('alias_malformed')
    expect(await keysOf(store, 'agent/did')).toEqual([])
  },
)

test('KEY-24 checks the arguments of agent calls before anything is done', async () => {
  const { store, agent } = world()
  for (const [method, args] of [
    ['didManagerCreate', { alias: 7 }],
    ['didManagerGetOrCreate', {}],
    ['didManagerGet', { did: 7 }],
    ['keyManagerSign', { data }],
  ] as const) {
    await expect(agent.execute(method, args)).rejects.toMatchObject({ name: 'ValidationError' })
  }
  expect(await keysOf(store, 'agent/did')).toEqual([])
})

test('lists and finds DIDs by alias and by provider', async () => {
  const { agent, identify } = world()
  const { did } = await identify('issuer')
  await identify('verifier')
  expect(await agent.didManagerFind({})).toHaveLength(2)
  expect((await agent.didManagerFind({ alias: 'issuer' })).map((found) => found.did)).toEqual([did])
  expect(await agent.didManagerFind({ provider: 'did:web' })).toEqual([])
  expect((await agent.didManagerGetByAlias({ alias: 'issuer' })).did).toBe(did)
  expect(await outcomeOf(() => agent.didManagerGet({ did: 'did:jwk:e30' }))).toBe('did_unknown')
  expect(await outcomeOf(() => agent.didManagerGetByAlias({ alias: 'nobody' }))).toBe('did_unknown')
})

test('DMG-5 an alias that is taken is refused with a code, to whoever asks in whichever way', async () => {
  const { agent, dids, store } = world()
  const did = await dids.create({ method: 'jwk' }, 'node')
  const web = { provider: 'did:web', options: { domain: 'issuer.example' } }
  for (const ask of [
    () => dids.create({ method: 'jwk' }, 'node'),
    () => agent.didManagerCreate({ alias: 'node' }),
    () => agent.didManagerGetOrCreate({ alias: 'node', ...web }),
  ]) {
    expect(await outcomeOf(ask)).toBe('alias_taken')
  }
  expect(await keysOf(store, 'agent/did')).toEqual([did])
  expect(await keysOf(store, 'agent/key')).toHaveLength(1)
})

test.each(['one agent', 'an agent each'])(
  'DMG-5 of fifty who create one alias at once with %s, one does',
  async (who) => {
    const { store, dids } = world()
    const asked = Array.from({ length: 50 }, () =>
      outcomeOf(() => (who === 'one agent' ? dids : world(store).dids).create({ method: 'jwk' }, 'node')),
    )
    expect((await Promise.all(asked)).sort()).toEqual(['accepted', ...Array<string>(49).fill('alias_taken')])
    expect(await keysOf(store, 'agent/did')).toHaveLength(1)
    expect(await keysOf(store, 'agent/key')).toHaveLength(1)
  },
)

test('DMG-5 of fifty who wish for DIDs of two methods under one alias, those of one method get it', async () => {
  const { agent, identify, store } = world()
  const asked = Array.from({ length: 50 }, (_, i) =>
    outcomeOf(() =>
      i % 2 === 0
        ? identify('node', { wish: { method: 'jwk' } })
        : agent.didManagerGetOrCreate({ alias: 'node', provider: 'did:key' }),
    ),
  )
  const outcomes = await Promise.all(asked)
  const counted = (outcome: string) => outcomes.filter((one) => one === outcome).length
  expect([counted('accepted'), counted('alias_taken')]).toEqual([25, 25])
  expect(await keysOf(store, 'agent/did')).toHaveLength(1)
})
