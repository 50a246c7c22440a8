import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { memoryStore, type Store, sealedStore } from '@facet-id/store'
import { clock, hash, keyPair, keyPairFor, outcomeOf, random, sealerOf, signerOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { keys as agentKeys } from '../agents.test-support.ts'
import type { AgentKeys } from '../custody/held-keys.ts'
import type { PrivateJwk } from '../custody/records.ts'
import { createDidAgent, type DidAgent } from './did-agent.ts'

const { now, nowMs } = clock()
const data = 'header.payload'

/** An agent, and all private keys that it ever saw. */
function world(
  store: Store = memoryStore({ now: nowMs }),
): DidAgent & { readonly made: readonly PrivateJwk[] } {
  const made: PrivateJwk[] = []
  const generate = (): ReturnType<typeof keyPair> => {
    const pair = keyPair()
    made.push(pair.privateJwk)
    return pair
  }
  return { made, ...createDidAgent({ store, keys: { generate, signerOf }, hash, now }) }
}

/** Every text that a value holds, however deep. */
function textsOf(value: unknown): string {
  const seen = new Set<unknown>()
  return JSON.stringify(value, (_, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null) return inner
    if (seen.has(inner)) return undefined
    seen.add(inner)
    if (!(inner instanceof Error)) return inner
    return Object.fromEntries(
      Object.getOwnPropertyNames(inner).map((name) => [name, Reflect.get(inner, name)]),
    )
  })
}

async function everyAnswer({ agent, identify }: DidAgent): Promise<unknown[]> {
  const identity = await identify('issuer')
  const { did, kid } = identity
  const asked = [
    agent.didManagerGet({ did }),
    agent.didManagerGetByAlias({ alias: 'issuer' }),
    agent.didManagerGetOrCreate({ alias: 'issuer' }),
    agent.didManagerFind({}),
    agent.didManagerCreate({ alias: 'issuer' }),
    agent.didManagerCreate({}),
    agent.keyManagerGet({ kid }),
    agent.keyManagerSign({ keyRef: kid, data, algorithm: 'ES256' }),
    agent.keyManagerSign({ keyRef: kid, data, algorithm: 'ES384' }),
  ]
  return [identity, ...(await Promise.allSettled(asked))]
}

test('KEY-19 no answer of the agent, and no error, holds a private key', async () => {
  const { made, ...rest } = world()
  const answers = await everyAnswer(rest)
  expect(made.length).toBeGreaterThan(1)
  for (const { d } of made) {
    expect(textsOf(answers)).not.toContain(d)
    expect(textsOf(answers)).not.toContain(Buffer.from(d, 'base64url').toString('hex'))
  }
  expect(textsOf(answers)).not.toContain('privateKeyHex')
})

test('KEY-19 nothing can be asked of the agent that takes or gives a private key', async () => {
  const { agent } = world()
  expect(agent.availableMethods().sort()).toEqual([
    'didManagerAddService',
    'didManagerCreate',
    'didManagerFind',
    'didManagerGet',
    'didManagerGetByAlias',
    'didManagerGetOrCreate',
    'didManagerGetProviders',
    'didManagerRemoveService',
    'keyManagerGet',
    'keyManagerGetKeyManagementSystems',
    'keyManagerSign',
  ])
  for (const method of ['keyManagerImport', 'didManagerImport', 'keyManagerCreate', 'didManagerDelete']) {
    await expect(agent.execute(method, {})).rejects.toThrow('Method not available')
  }
})

test('KEY-20 in a sealed store, no private key rests in the clear', async () => {
  const beneath = memoryStore({ now: nowMs })
  const { made, identify } = world(sealedStore(beneath, sealerOf(random(32))))
  await identify('issuer')
  let entries = 0
  for (const ns of ['agent/did', 'agent/key', 'agent/alias']) {
    for await (const { key, value } of beneath.range(ns)) {
      entries++
      for (const { d } of made) expect(`${key} ${Buffer.from(value).toString('latin1')}`).not.toContain(d)
    }
  }
  expect(entries).toBe(3)
  const stranger = world(sealedStore(beneath, sealerOf(random(32))))
  expect(await outcomeOf(() => stranger.identify('issuer'))).toBe('seal_broken')
})

test('KEY-19, KEY-20, DMG-3 changes of a did:webvh rest sealed, and neither answers nor errors of them hold a private key', async () => {
  const beneath = memoryStore({ now: nowMs })
  const made: PrivateJwk[] = []
  const generate: AgentKeys['generate'] = (alg) => {
    const pair = keyPairFor(alg)
    made.push(pair.privateJwk)
    return pair
  }
  const keys = { generate, signerOf: agentKeys.signerOf }
  const store = sealedStore(beneath, sealerOf(random(32)))
  const { agent, dids } = createDidAgent({ store, keys, hash, now })
  const did = await dids.create({ method: 'webvh', domain: 'issuer.example', portable: true }, 'issuer')
  const service = { id: 'desk', type: 'Desk', serviceEndpoint: 'https://issuer.example/desk' }
  const asked = [
    await dids.rotate(did, 60),
    await agent.didManagerAddService({ did, service }),
    await dids.filesOf(did),
    await dids.documentOf(did),
    await dids.exportSealed(did, async () => 'sealed'),
    await agent.didManagerFind({}),
    ...(await Promise.allSettled([
      dids.rotate(did, -1),
      dids.importOpened(new TextEncoder().encode(JSON.stringify({ keys: made }))),
      agent.didManagerAddService({ did, service }),
      dids.deactivate(did),
    ])),
  ]
  expect(made.length).toBeGreaterThan(7)
  const resting: string[] = []
  for (const ns of ['agent/did', 'agent/key', 'agent/alias']) {
    for await (const { key, value } of beneath.range(ns)) {
      resting.push(`${key} ${Buffer.from(value).toString('latin1')}`)
    }
  }
  const scid = did.split(':')[2] ?? ''
  for await (const { value } of beneath.read(`agent/history/webvh/${scid}`, 0)) {
    resting.push(Buffer.from(value).toString('latin1'))
  }
  expect(resting.length).toBeGreaterThan(5)
  for (const { d } of made) {
    expect(textsOf(asked)).not.toContain(d)
    expect(resting.join()).not.toContain(d)
  }
})

/** Uses the agent in every way, and prints each private half that was made, on its standard output. */
const program = `
import { memoryStore } from '@facet-id/store'
import { clock, hash, keyPairFor, signerFor } from '@facet-id/testkit'
import { createDidAgent } from '@facet-id/veramo'
const { now, nowMs } = clock()
const generate = (alg) => {
  const pair = keyPairFor(alg)
  console.log(pair.privateJwk.d)
  return pair
}
const signerOf = (jwk, kid) => signerFor(jwk.kty === 'OKP' ? 'EdDSA' : 'ES256', jwk, kid)
const store = memoryStore({ now: nowMs })
const { agent, dids, identify } = createDidAgent({ store, keys: { generate, signerOf }, hash, now })
const { did, kid } = await identify('issuer')
await agent.didManagerCreate({ alias: 'other', provider: 'did:webvh', options: { domain: 'issuer.example' } })
const other = await agent.didManagerGetByAlias({ alias: 'other' })
await dids.rotate(other.did, 60)
await dids.exportSealed(other.did, async () => 'sealed')
const service = { id: 'desk', type: 'Desk', serviceEndpoint: 'https://issuer.example/desk' }
await agent.didManagerAddService({ did: other.did, service })
await agent.didManagerGet({ did })
await agent.didManagerFind({})
await agent.keyManagerGet({ kid })
await agent.keyManagerSign({ keyRef: kid, data: 'header.payload' })
`

function run(): Promise<{ made: readonly string[]; log: string }> {
  const args = ['-C', '@facet-id/source', '--no-warnings', '--input-type=module', '--eval', program]
  const cwd = fileURLToPath(new URL('..', import.meta.url))
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      args,
      { cwd, env: { ...process.env, DEBUG: '*' } },
      (error, stdout, stderr) => {
        if (error === null) resolve({ made: stdout.trim().split('\n'), log: stderr })
        else reject(error)
      },
    )
  })
}

test('KEY-19 the log that Veramo writes when it is asked to holds no private key', async () => {
  const { made, log } = await run()
  // One, four of the did:webvh, three of its rotation and one that its service promised.
  expect(made).toHaveLength(9)
  expect(log).toContain('veramo:agent:didManagerCreate')
  for (const d of made) {
    expect(d).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(log).not.toContain(d)
    expect(log).not.toContain(Buffer.from(d, 'base64url').toString('hex'))
  }
})
