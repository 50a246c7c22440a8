import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { memoryStore, type Store, sealedStore } from '@facet-id/store'
import { clock, hash, keyPair, outcomeOf, random, sealerOf, signerOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
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

/** Uses the agent in every way, and prints each private half that was made, on its standard output. */
const program = `
import { memoryStore } from '@facet-id/store'
import { clock, hash, keyPair, signerOf } from '@facet-id/testkit'
import { createDidAgent } from '@facet-id/veramo'
const { now, nowMs } = clock()
const generate = () => {
  const pair = keyPair()
  console.log(pair.privateJwk.d)
  return pair
}
const { agent, identify } = createDidAgent({ store: memoryStore({ now: nowMs }), keys: { generate, signerOf }, hash, now })
const { did, kid } = await identify('issuer')
await agent.didManagerCreate({ alias: 'other' })
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
  expect(made).toHaveLength(2)
  expect(log).toContain('veramo:agent:didManagerCreate')
  for (const d of made) {
    expect(d).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(log).not.toContain(d)
    expect(log).not.toContain(Buffer.from(d, 'base64url').toString('hex'))
  }
})
