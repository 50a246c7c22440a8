/** Agents over a store in memory, with keys of plain node:crypto. */
import { memoryStore, type Store } from '@facet-id/store'
import { checkSignatures, hash, keyPairFor, signerFor } from '@facet-id/testkit'
import { createDidAgent, type DidAgent } from './agent/did-agent.ts'
import type { AgentKeys, KeyHolder } from './custody/held-keys.ts'
import type { Signing } from './did-keeping.ts'
import type { WitnessPort } from './methods/witnesses.ts'

export const keys: AgentKeys = {
  generate: (alg) => keyPairFor(alg),
  signerOf: (privateJwk, kid) => signerFor(privateJwk.kty === 'OKP' ? 'EdDSA' : 'ES256', privateJwk, kid),
}

/** A clock that the test moves. */
export interface Time {
  seconds: number
}

export interface World extends DidAgent {
  readonly store: Store
  readonly time: Time
}

export function world({
  time = { seconds: 1_800_000_000 },
  store = memoryStore({ now: () => time.seconds * 1000 }),
  holder,
  witnesses,
}: {
  readonly time?: Time
  readonly store?: Store
  readonly holder?: KeyHolder
  readonly witnesses?: WitnessPort
} = {}): World {
  const agent = createDidAgent({
    store,
    keys,
    hash,
    now: () => time.seconds,
    location: { localhost: true },
    ...(holder === undefined ? {} : { holder }),
    ...(witnesses === undefined ? {} : { witnesses }),
  })
  return { ...agent, store, time }
}

export async function keysIn(store: Store, ns: string): Promise<string[]> {
  const found: string[] = []
  for await (const { key } of store.range(ns)) found.push(key)
  return found
}

export const data = 'header.payload'

/** Whether what a signer makes is verified with a key. */
export async function signsFor(
  { signer }: Pick<Signing, 'signer'>,
  key: Parameters<typeof checkSignatures>[0][number]['key'],
): Promise<boolean> {
  const signature = await signer.sign(new TextEncoder().encode(data))
  return checkSignatures([{ alg: signer.alg, key, data, signature }])[0] === 'valid'
}
