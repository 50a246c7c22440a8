/** The DIDs of a data directory: a Veramo agent over its store, with keys from wherever the operator says. */

import { checkSignatures, generateKey, hash, signerOf } from '@facet-id/crypto/node'
import { type KeyService, keyHoldingOf } from '@facet-id/crypto/node/keys'
import type { Store } from '@facet-id/store'
import { createDidAgent, type DidAgent, type ShownToWitness } from '@facet-id/veramo'
import { askThroughFolder, type WitnessFolder } from './witness-folder.ts'

export interface ManagedDidsOptions {
  readonly now: () => number
  /** Absent: keys are made here and sealed in the store. */
  readonly keys?: KeyService | undefined
  /** DIDs may be on this machine too. */
  readonly development: boolean
  /** Where witnesses are asked that are kept elsewhere; absent: they are not. */
  readonly witnessFolder?: WitnessFolder | undefined
}

/** Witnesses are did:key of the same store; others are asked through a folder, where there is one. */
export function managedDids(
  store: Store,
  { now, keys, development, witnessFolder }: ManagedDidsOptions,
): DidAgent {
  const agent: DidAgent = createDidAgent({
    store,
    keys: { generate: generateKey, signerOf },
    hash,
    now,
    location: { localhost: development },
    witnesses: {
      ask: async (shown) =>
        (await witnessHere(agent, shown)) ??
        (witnessFolder === undefined ? undefined : askThroughFolder(shown, witnessFolder)),
      checkSignatures,
    },
    ...(keys === undefined ? {} : { holder: keyHoldingOf(keys) }),
  })
  return agent
}

/** The signature of a witness whose key is kept here; `undefined` when it is not. */
export async function witnessHere(
  { agent, dids }: DidAgent,
  { witness, data }: Pick<ShownToWitness, 'witness' | 'data'>,
): Promise<Uint8Array | undefined> {
  const kept = await dids.find(witness)
  const [key] = kept?.keys ?? []
  if (key === undefined) return undefined
  const signature = await agent.keyManagerSign({
    keyRef: `${witness}#${key.id}`,
    data: Buffer.from(data).toString('hex'),
    encoding: 'hex',
  })
  return new Uint8Array(Buffer.from(signature, 'base64url'))
}
