import { memoryStore } from '@facet-id/store'
import { hash, outcomeOf, random, sealerOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { createDidAgent } from './agent/did-agent.ts'
import { keys as agentKeys, keysIn, signsFor, world } from './agents.test-support.ts'

const WEBVH = { method: 'webvh', domain: 'issuer.example', portable: true } as const

test.each([{ method: 'jwk' }, { method: 'web', domain: 'issuer.example' }, WEBVH] as const)(
  'DMG-16 a did:$method goes to another store, and goes on there',
  async (wish) => {
    const from = world()
    const to = world()
    const { did, kid, publicJwk } = await from.identify('node', { wish })
    const sealer = sealerOf(random(32))
    const sealed = await from.dids.exportSealed(did, async (plain) => sealer.seal(plain, 'did'))
    await to.dids.importOpened(sealer.open(sealed, 'did'))
    const identity = await to.identify('node')
    expect(identity).toMatchObject({ did, kid })
    expect(await signsFor(identity, publicJwk)).toBe(true)
    expect(await to.dids.documentOf(did)).toEqual(await from.dids.documentOf(did))
    expect(await to.dids.filesOf(did)).toEqual(await from.dids.filesOf(did))
    if (wish.method !== 'jwk') expect((await to.dids.rotate(did, 60)).revision).toBe(2)
    expect(await outcomeOf(() => to.dids.importOpened(sealer.open(sealed, 'did')))).toBe('alias_taken')
  },
)

test('DMG-16 what leaves is what was sealed, and the seal alone sees a private key', async () => {
  const made: string[] = []
  const store = memoryStore({ now: () => 0 })
  const generate: typeof agentKeys.generate = (alg) => {
    const pair = agentKeys.generate(alg)
    made.push(pair.privateJwk.d)
    return pair
  }
  const { dids } = createDidAgent({ store, keys: { ...agentKeys, generate }, hash, now: () => 0 })
  const did = await dids.create(WEBVH)
  let seen = ''
  const left = await dids.exportSealed(did, async (plain) => {
    seen = new TextDecoder().decode(plain)
    return 'sealed'
  })
  expect(left).toBe('sealed')
  expect(made).toHaveLength(4)
  for (const d of made) expect(seen).toContain(d)
})

test.each([
  ['no JSON', () => 'no JSON'],
  ['another form', (text: string) => text.replace('facet-did', 'other')],
  ['another version', (text: string) => text.replace('"v":1,"did"', '"v":2,"did"')],
  ['no DID', (text: string) => text.replace(/"did":"[^"]*"/, '"did":"node"')],
  ['no keys', (text: string) => text.replace(/"keys":\{.*\}\}$/, '"keys":{}}')],
])('DMG-16 refuses %s, and keeps nothing of it', async (_, change) => {
  const from = world()
  const to = world()
  const did = await from.dids.create(WEBVH, 'node')
  let text = ''
  await from.dids.exportSealed(did, async (plain) => {
    text = new TextDecoder().decode(plain)
  })
  const changed = change(text)
  expect(changed).not.toBe(text)
  const bytes = new TextEncoder().encode(changed)
  expect(await outcomeOf(() => to.dids.importOpened(bytes))).toBe('import_malformed')
  for (const ns of ['agent/did', 'agent/key', 'agent/alias']) expect(await keysIn(to.store, ns)).toEqual([])
})

test('DMG-16 refuses the key of another DID', async () => {
  const from = world()
  const texts = await Promise.all(
    ['one', 'two'].map(async (alias) => {
      const did = await from.dids.create({ method: 'web', domain: `${alias}.example` }, alias)
      let text = ''
      await from.dids.exportSealed(did, async (plain) => {
        text = new TextDecoder().decode(plain)
      })
      return JSON.parse(text)
    }),
  )
  const [one, two] = texts
  const [ownAt = ''] = Object.keys(one.keys)
  const [foreign] = Object.values(two.keys)
  const mixed = { ...one, keys: { ...one.keys, [ownAt]: foreign } }
  const bytes = new TextEncoder().encode(JSON.stringify(mixed))
  expect(await outcomeOf(() => world().dids.importOpened(bytes))).toBe('import_malformed')
})
