import { type DidDocument, findVerificationMethod, readMethodKey } from '@facet-id/credential/did'
import type { PublicJwk } from '@facet-id/credential/jose'
import { memoryStore, type Op, type Store } from '@facet-id/store'
import { checkSignatures, keyPair, outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { data, keysIn, signsFor, world } from './agents.test-support.ts'
import { expandPoint } from './expand.test-support.ts'

const WEB = { method: 'web', domain: 'issuer.example' } as const
const YEAR = 365 * 24 * 3600

function keyIn(
  document: DidDocument | undefined,
  kid: string,
  role: 'assertionMethod' | 'authentication',
): PublicJwk | undefined {
  const method = document === undefined ? undefined : findVerificationMethod(document, kid, role)
  return method === undefined ? undefined : readMethodKey(method, expandPoint)
}

test.each([
  ['jwk', 'ES256', 'P-256'],
  ['jwk', 'EdDSA', 'Ed25519'],
  ['key', 'ES256', 'P-256'],
  ['key', 'EdDSA', 'Ed25519'],
] as const)('DMG-1 a did:%s for %s resolves to its key, on %s, and to no other', async (method, alg, crv) => {
  const { dids, identify } = world()
  const { did, kid, publicJwk, signer } = await identify('me', { wish: { method, alg } })
  expect(did.startsWith(`did:${method}:`)).toBe(true)
  expect(publicJwk.crv).toBe(crv)
  expect(signer.alg).toBe(alg)
  const document = await dids.documentOf(did)
  expect(document?.verificationMethod).toHaveLength(1)
  for (const role of ['assertionMethod', 'authentication'] as const) {
    expect(keyIn(document, kid, role)).toMatchObject({ x: publicJwk.x, crv })
  }
  expect(await signsFor({ signer }, publicJwk)).toBe(true)
})

test('DMG-1 a did:web has a key to issue with and one to prove itself with, each for that alone', async () => {
  const { dids, identify } = world()
  const issuing = await identify('node', { wish: WEB })
  const proving = await identify('node', { wish: WEB, role: 'authentication' })
  expect(issuing.did).toBe('did:web:issuer.example')
  expect(proving.did).toBe(issuing.did)
  const document = await dids.documentOf(issuing.did)
  expect(keyIn(document, issuing.kid, 'assertionMethod')).toEqual(issuing.publicJwk)
  expect(keyIn(document, issuing.kid, 'authentication')).toBeUndefined()
  expect(keyIn(document, proving.kid, 'authentication')).toEqual(proving.publicJwk)
  expect(keyIn(document, proving.kid, 'assertionMethod')).toBeUndefined()
  expect(document?.keyAgreement).toBeUndefined()
  const [file] = await dids.filesOf(issuing.did)
  expect(file).toMatchObject({ path: '/.well-known/did.json', mediaType: 'application/did+json' })
  expect(JSON.parse(file?.body ?? '')).toEqual(document)
  const elsewhere = await dids.create({ ...WEB, path: ['people', '7'] })
  expect((await dids.filesOf(elsewhere))[0]?.path).toBe('/people/7/did.json')
})

test('DMG-1 a did:peer holds both keys and its services itself', async () => {
  const { dids, identify } = world()
  const services = [{ id: 'inbox', type: 'Inbox', serviceEndpoint: 'https://wallet.example/inbox' }]
  const issuing = await identify('peer', { wish: { method: 'peer', services } })
  const proving = await identify('peer', { role: 'authentication' })
  const document = await dids.documentOf(issuing.did)
  expect(keyIn(document, issuing.kid, 'assertionMethod')).toEqual(issuing.publicJwk)
  expect(keyIn(document, proving.kid, 'authentication')).toEqual(proving.publicJwk)
  expect(document?.service).toMatchObject([{ serviceEndpoint: 'https://wallet.example/inbox' }])
  expect(await dids.filesOf(issuing.did)).toEqual([])
})

test('DMG-1 the DID of an alias does not become one of another method', async () => {
  const { identify, store } = world()
  await identify('node')
  expect(await outcomeOf(() => identify('node', { wish: WEB }))).toBe('alias_taken')
  expect(await keysIn(store, 'agent/did')).toHaveLength(1)
})

test.each([
  ['no domain', {}, 'wish_malformed'],
  ['an address', { domain: '10.0.0.1' }, 'did_malformed'],
  ['a folder above', { domain: 'issuer.example', path: ['..'] }, 'did_malformed'],
  ['a port that is none', { domain: 'issuer.example:99999' }, 'did_malformed'],
])('DMG-1 makes no did:web of %s', async (_, wish, code) => {
  const { dids, store } = world()
  expect(await outcomeOf(() => dids.create({ method: 'web', ...wish }))).toBe(code)
  expect(await keysIn(store, 'agent/did')).toEqual([])
  expect(await keysIn(store, 'agent/key')).toEqual([])
})

test('DMG-1 what a method cannot do is refused and never passed over', async () => {
  const { agent } = world()
  for (const [provider, options] of [
    ['did:key', { domain: 'issuer.example' }],
    ['did:jwk', { services: [] }],
    ['did:web', { domain: 'issuer.example', portable: true }],
  ] as const) {
    expect(await outcomeOf(() => agent.didManagerCreate({ provider, options }))).toBe('not_supported')
  }
})

test('DMG-2 after a rotation both keys verify for as long as was asked, then the new one alone', async () => {
  const { dids, identify, time } = world()
  const old = await identify('node', { wish: WEB })
  const signature = await old.signer.sign(new TextEncoder().encode(data))
  const before = await identify('node', { role: 'authentication' })
  await dids.rotate(old.did, YEAR)
  const fresh = await identify('node')
  expect(fresh.did).toBe(old.did)
  expect(fresh.kid).not.toBe(old.kid)
  expect((await identify('node', { role: 'authentication' })).kid).not.toBe(before.kid)

  time.seconds += YEAR - 1
  const document = await dids.documentOf(old.did)
  const key = keyIn(document, old.kid, 'assertionMethod')
  expect(key).toEqual(old.publicJwk)
  expect(checkSignatures([{ alg: 'ES256', key: key ?? {}, data, signature }])).toEqual(['valid'])
  expect(keyIn(document, fresh.kid, 'assertionMethod')).toEqual(fresh.publicJwk)
  expect(await signsFor(fresh, fresh.publicJwk)).toBe(true)

  time.seconds += 1
  const later = await dids.documentOf(old.did)
  expect(keyIn(later, old.kid, 'assertionMethod')).toBeUndefined()
  expect(keyIn(later, fresh.kid, 'assertionMethod')).toEqual(fresh.publicJwk)
})

test.each([-1, 1.5, Number.NaN, 11 * 366 * 24 * 3600])(
  'DMG-2 an overlap of %d seconds is none',
  async (overlap) => {
    const { dids, identify } = world()
    const { did } = await identify('node', { wish: WEB })
    expect(await outcomeOf(() => dids.rotate(did, overlap))).toBe('wish_malformed')
    expect((await dids.get(did)).revision).toBe(1)
  },
)

test('DMG-3 a key that was replaced signs no more, and is not there any more', async () => {
  const { agent, dids, identify, store } = world()
  const old = await identify('node', { wish: WEB })
  const before = await keysIn(store, 'agent/key')
  expect(before).toHaveLength(2)
  await dids.rotate(old.did, YEAR)
  const after = await keysIn(store, 'agent/key')
  expect(after).toHaveLength(2)
  expect(after.filter((key) => before.includes(key))).toEqual([])
  expect(await outcomeOf(() => agent.keyManagerSign({ keyRef: old.kid, data }))).toBe('key_retired')
  expect((await identify('node')).kid).not.toBe(old.kid)
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

test.each([
  ['before', WEB, 2],
  ['after', WEB, 2],
  ['before', { ...WEB, method: 'webvh' }, 4],
  ['after', { ...WEB, method: 'webvh' }, 4],
] as const)(
  'DMG-4 a crash %s any step of a rotation leaves the old keys or the new ones, whole',
  async (moment, wish, keysOfIt) => {
    let crashes = 0
    for (let at = 0; ; at++) {
      const { store, identify } = world()
      const old = await identify('node', { wish })
      const { store: failing, hasCrashed } = crashing(store, at, moment)
      await world({ store: failing })
        .dids.rotate(old.did, YEAR)
        .catch((error: unknown) => {
          if (!(error instanceof Crash)) throw error
        })
      const left = world({ store })
      const identity = await left.identify('node')
      const { revision } = await left.dids.get(old.did)
      expect(identity.kid === old.kid).toBe(revision === 1)
      expect(keyIn(await left.dids.documentOf(old.did), identity.kid, 'assertionMethod')).toEqual(
        identity.publicJwk,
      )
      expect(await signsFor(identity, identity.publicJwk)).toBe(true)
      expect(await keysIn(store, 'agent/key')).toHaveLength(keysOfIt)
      const history = await left.dids.history(await left.dids.get(old.did))
      expect(history).toHaveLength(wish.method === 'webvh' ? revision : 0)
      if (!hasCrashed()) break
      crashes++
    }
    expect(crashes).toBeGreaterThanOrEqual(3)
  },
)

test.each([{ method: 'jwk' }, { method: 'key' }, WEB, { ...WEB, method: 'webvh' }] as const)(
  'DMG-5 fifty that ask for one alias at once get one DID: $method',
  async (wish) => {
    const { store, identify, agent } = world()
    const options = 'domain' in wish ? { options: { domain: wish.domain } } : {}
    const asked = Array.from({ length: 50 }, (_, i) =>
      i % 3 === 0
        ? agent.didManagerGetOrCreate({ alias: 'node', provider: `did:${wish.method}`, ...options })
        : (i % 3 === 1 ? identify : world({ store }).identify)('node', { wish }),
    )
    expect(new Set((await Promise.all(asked)).map(({ did }) => did)).size).toBe(1)
    expect(await keysIn(store, 'agent/did')).toHaveLength(1)
    expect(await keysIn(store, 'agent/key')).toHaveLength({ jwk: 1, key: 1, web: 2, webvh: 4 }[wish.method])
  },
)

test('DMG-5 of fifty that create one alias at once, one succeeds, and nothing is left of the others', async () => {
  const { store, dids } = world()
  const settled = await Promise.allSettled(
    Array.from({ length: 50 }, (_, i) => dids.create({ method: 'web', domain: `host-${i}.example` }, 'node')),
  )
  expect(settled.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(await keysIn(store, 'agent/did')).toHaveLength(1)
  expect(await keysIn(store, 'agent/key')).toHaveLength(2)
})

test('DMG-5 a did:web that is kept already is not made again under another alias', async () => {
  const { dids, store } = world()
  await dids.create(WEB, 'one')
  expect(await outcomeOf(() => dids.create(WEB, 'two'))).toBe('did_taken')
  expect(await keysIn(store, 'agent/alias')).toEqual(['one'])
  expect(await keysIn(store, 'agent/key')).toHaveLength(2)
})

test('DMG-5 of twenty that make one did:web at once, under as many aliases, one succeeds', async () => {
  const { dids, store } = world()
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, (_, i) => outcomeOf(() => dids.create(WEB, `node-${i}`))),
  )
  expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(1)
  expect(outcomes.filter((outcome) => outcome === 'did_taken')).toHaveLength(19)
  expect(await keysIn(store, 'agent/alias')).toHaveLength(1)
  expect(await keysIn(store, 'agent/key')).toHaveLength(2)
})

test('DMG-6 of ten rotations at once those that lose are told so, and the DID is whole', async () => {
  const { dids, identify, store } = world()
  const { did } = await identify('node', { wish: WEB })
  const outcomes = await Promise.all(
    Array.from({ length: 10 }, () => outcomeOf(() => dids.rotate(did, YEAR))),
  )
  const made = outcomes.filter((outcome) => outcome === 'accepted').length
  expect(made).toBeGreaterThanOrEqual(1)
  expect(outcomes.filter((outcome) => outcome === 'state_contended')).toHaveLength(10 - made)
  expect((await dids.get(did)).revision).toBe(1 + made)
  expect(await keysIn(store, 'agent/key')).toHaveLength(2)
  const identity = await identify('node')
  expect(await signsFor(identity, identity.publicJwk)).toBe(true)
})

const record = (value: object): Uint8Array => new TextEncoder().encode(JSON.stringify(value))

test('DMG-7 a DID that an earlier release made is found by its alias, and signs', async () => {
  const { publicJwk, privateJwk } = keyPair()
  const made = world()
  const did = `did:jwk:${Buffer.from(JSON.stringify({ crv: 'P-256', kty: 'EC', use: 'sig', x: publicJwk.x, y: publicJwk.y })).toString('base64url')}`
  await made.store.commit([
    {
      op: 'put',
      ns: 'agent/did',
      key: did,
      value: record({ v: 1, alias: 'issuer', createdAt: 1_700_000_000 }),
    },
    { op: 'put', ns: 'agent/key', key: did, value: record({ v: 1, privateJwk }) },
    { op: 'put', ns: 'agent/alias', key: 'issuer', value: record({ v: 1, did }) },
  ])
  const identity = await made.identify('issuer')
  expect(identity).toMatchObject({ did, kid: `${did}#0`, createdAt: 1_700_000_000 })
  expect(await signsFor(identity, publicJwk)).toBe(true)
  expect((await made.agent.didManagerGetByAlias({ alias: 'issuer' })).keys).toHaveLength(1)
  expect(await keysIn(made.store, 'agent/did')).toEqual([did])
})

test('DMG-8 services come and go, through the agent too', async () => {
  const { agent, dids } = world()
  const did = await dids.create(WEB, 'node')
  await dids.addService(did, { id: 'files', type: 'Files', serviceEndpoint: 'https://issuer.example/files' })
  await agent.didManagerAddService({
    did,
    service: { id: `${did}#mail`, type: 'Mail', serviceEndpoint: 'mailto:desk@issuer.example' },
  })
  expect((await dids.documentOf(did))?.service).toEqual([
    { id: `${did}#files`, type: 'Files', serviceEndpoint: 'https://issuer.example/files' },
    { id: `${did}#mail`, type: 'Mail', serviceEndpoint: 'mailto:desk@issuer.example' },
  ])
  expect((await agent.didManagerGet({ did })).services).toHaveLength(2)
  await agent.didManagerRemoveService({ did, id: `${did}#files` })
  expect((await dids.documentOf(did))?.service).toHaveLength(1)
  expect(await outcomeOf(() => dids.removeService(did, 'files'))).toBe('service_unknown')
  expect((await dids.get(did)).revision).toBe(4)
})

test.each([
  ['its id is taken', { id: 'files' }, 'service_taken'],
  ['its id is that of a key', { id: 'key-1' }, 'wish_malformed'],
  ['its id is none', { id: 'a b' }, 'wish_malformed'],
  ['its type is none', { id: 'more', type: '' }, 'wish_malformed'],
  ['its endpoint is no URI', { id: 'more', serviceEndpoint: '/files' }, 'wish_malformed'],
])('DMG-8 a service is refused when %s', async (_, change, code) => {
  const { dids } = world()
  const service = { id: 'files', type: 'Files', serviceEndpoint: 'https://issuer.example/files' }
  const did = await dids.create({ ...WEB, services: [service] })
  expect(await outcomeOf(() => dids.addService(did, { ...service, ...change }))).toBe(code)
  expect((await dids.get(did)).services).toEqual([service])
})

test('DMG-9 a DID that was given up resolves to nothing, signs nothing and changes no more', async () => {
  const { agent, dids, identify, store } = world()
  const { did, kid } = await identify('node', { wish: WEB })
  await dids.deactivate(did)
  expect(await dids.documentOf(did)).toBeUndefined()
  expect(await dids.filesOf(did)).toEqual([])
  expect(await keysIn(store, 'agent/key')).toEqual([])
  expect(await outcomeOf(() => identify('node'))).toBe('did_deactivated')
  expect(await outcomeOf(() => agent.keyManagerSign({ keyRef: kid, data }))).not.toBe('accepted')
  for (const change of [
    () => dids.rotate(did, 0),
    () => dids.deactivate(did),
    () => dids.removeService(did, 'files'),
  ]) {
    expect(await outcomeOf(change)).toBe('did_deactivated')
  }
  expect(await keysIn(store, 'agent/did')).toEqual([did])
})

test.each(['jwk', 'key', 'peer'] as const)('DMG-10 a did:%s refuses every change', async (method) => {
  const { dids } = world()
  const did = await dids.create({ method })
  const before = await dids.get(did)
  for (const change of [
    () => dids.rotate(did, YEAR),
    () => dids.addService(did, { id: 'files', type: 'Files', serviceEndpoint: 'https://a.example' }),
    () => dids.deactivate(did),
    () => dids.move(did, { domain: 'other.example' }),
  ]) {
    expect(await outcomeOf(change)).toBe('did_immutable')
  }
  expect(await dids.get(did)).toEqual(before)
  expect(await outcomeOf(() => dids.rotate('did:web:nobody.example', 0))).toBe('did_unknown')
})

test('DMG-11 no key gets the name of one before it, also when that one is forgotten', async () => {
  const { dids, identify, time } = world()
  const { did } = await identify('node', { wish: WEB })
  const names = new Set<string>()
  for (let round = 0; round < 5; round++) {
    for (const { id, state } of (await dids.get(did)).keys) {
      if (state !== 'active') continue
      expect(names.has(id)).toBe(false)
      names.add(id)
    }
    await dids.rotate(did, round % 2)
    time.seconds += 10
  }
  expect(names.size).toBe(10)
  // The last two, and their successors: what is over is not kept for ever.
  expect((await dids.get(did)).keys.length).toBeLessThanOrEqual(4)
})

test('DMG-12 one DID among ten thousand keys costs as many reads as one alone', async () => {
  const store = memoryStore({ now: () => 0 })
  const counts = { get: 0, range: 0 }
  const counting: Store = {
    ...store,
    get: (ns, key) => {
      counts.get++
      return store.get(ns, key)
    },
    range: (ns, within) => {
      counts.range++
      return store.range(ns, within)
    },
  }
  await world({ store }).identify('issuer', { wish: WEB })
  await world({ store: counting }).identify('issuer')
  const alone = { ...counts }
  const { publicJwk } = keyPair()
  for (let batch = 0; batch < 20; batch++) {
    await store.commit(
      Array.from({ length: 250 }, (_, i): Op[] => {
        const did = `did:web:host-${batch * 250 + i}.example`
        const key = { id: 'key-1', publicJwk, roles: ['assertion'], state: 'active', createdAt: 0 }
        const keys = [
          { ...key, at: `${did}-1` },
          { ...key, id: 'key-2', at: `${did}-2` },
        ]
        const value = record({ v: 2, method: 'web', createdAt: 0, revision: 1, keys, services: [] })
        const held = record({ v: 2, held: 'elsewhere', by: 'token', ref: did })
        return [
          { op: 'put', ns: 'agent/did', key: did, value },
          { op: 'put', ns: 'agent/key', key: `${did}-1`, value: held },
          { op: 'put', ns: 'agent/key', key: `${did}-2`, value: held },
        ]
      }).flat(),
    )
  }
  expect((await keysIn(store, 'agent/key')).length).toBe(10_002)
  counts.get = counts.range = 0
  await world({ store: counting }).identify('issuer')
  expect(counts).toEqual(alone)
  expect(counts).toEqual({ get: 4, range: 0 })
})
