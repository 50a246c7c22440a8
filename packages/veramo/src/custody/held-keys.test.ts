import { keyPairFor, outcomeOf, signerFor } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { data, keysIn, signsFor, world } from '../agents.test-support.ts'
import type { KeyHolder } from './held-keys.ts'

/** Holds keys in a process, by name: what a token does, without the token. */
function tokenOf(name = 'token'): KeyHolder & { readonly made: Map<string, ReturnType<typeof keyPairFor>> } {
  const made = new Map<string, ReturnType<typeof keyPairFor>>()
  let slots = 0
  return {
    name,
    made,
    async create(alg) {
      const pair = keyPairFor(alg)
      const ref = `slot-${slots++}`
      made.set(ref, pair)
      return { ref, publicJwk: pair.publicJwk }
    },
    async destroy(ref) {
      made.delete(ref)
    },
    async signerOf(ref, kid) {
      const pair = made.get(ref)
      if (pair === undefined) throw new Error('the token has no such key')
      return signerFor(pair.alg === 'EdDSA' ? 'EdDSA' : 'ES256', pair.privateJwk, kid)
    },
  }
}

test.each([
  { method: 'jwk' },
  { method: 'web', domain: 'issuer.example' },
  { method: 'webvh', domain: 'issuer.example' },
] as const)('DMG-38 a did:$method whose keys a token holds is made, rotated and signs', async (wish) => {
  const holder = tokenOf()
  const made = world({ holder })
  const { did, kid, publicJwk, signer } = await made.identify('node', { wish })
  expect(await signsFor({ signer }, publicJwk)).toBe(true)
  expect(signer.kid).toBe(kid)
  if (wish.method !== 'jwk') {
    await made.dids.rotate(did, 60)
    const fresh = await made.identify('node')
    expect(fresh.kid).not.toBe(kid)
    expect(await signsFor(fresh, fresh.publicJwk)).toBe(true)
  }
  for (const ns of ['agent/did', 'agent/key']) {
    for await (const { value } of made.store.range(ns)) {
      const text = new TextDecoder().decode(value)
      for (const { privateJwk } of holder.made.values()) expect(text).not.toContain(privateJwk.d)
    }
  }
  expect((await keysIn(made.store, 'agent/key')).length).toBeGreaterThan(0)
})

test('DMG-38 without the holder of its keys, or with another, a DID does not sign and nothing takes its place', async () => {
  const made = world({ holder: tokenOf() })
  const { did, kid } = await made.identify('node', { wish: { method: 'web', domain: 'issuer.example' } })
  for (const other of [
    world({ store: made.store }),
    world({ store: made.store, holder: tokenOf('other') }),
  ]) {
    expect(await outcomeOf(() => other.identify('node'))).toBe('holder_missing')
    expect(await outcomeOf(() => other.agent.keyManagerSign({ keyRef: kid, data }))).toBe('holder_missing')
    expect(await outcomeOf(() => other.dids.documentOf(did))).toBe('accepted')
  }
  expect(await keysIn(made.store, 'agent/did')).toEqual([did])
})

test('DMG-2 a DID whose one key is brought along does not rotate to the same key', async () => {
  const pair = keyPairFor('ES256')
  const holder: KeyHolder = {
    name: 'file',
    create: async () => ({ ref: 'one', publicJwk: pair.publicJwk }),
    signerOf: async (_, kid) => signerFor('ES256', pair.privateJwk, kid),
    destroy: async () => {},
  }
  const { dids, identify } = world({ holder })
  const { did, publicJwk } = await identify('node', { wish: { method: 'web', domain: 'issuer.example' } })
  expect(publicJwk).toEqual(pair.publicJwk)
  expect((await identify('node', { role: 'authentication' })).publicJwk).toEqual(pair.publicJwk)
  expect(await outcomeOf(() => dids.rotate(did, 60))).toBe('key_reused')
  expect((await dids.get(did)).revision).toBe(1)
  expect(await outcomeOf(() => dids.create({ method: 'peer' }))).toBe('did_taken')
  const other = world({ holder }).dids
  const peer = await other.create({ method: 'peer' })
  expect((await other.documentOf(peer))?.authentication).toEqual(['#key-2'])
})
