/** The DIDs of a data directory: a Veramo agent over its store, with keys from wherever the operator says. */

import { checkSignatures, generateKey, hash, signerOf } from '@facet-id/crypto/node'
import { type KeyService, keyHoldingOf } from '@facet-id/crypto/node/keys'
import type { Store } from '@facet-id/store'
import { createDidAgent, type DidAgent, type ShownToWitness } from '@facet-id/veramo'

export interface ManagedDidsOptions {
  readonly now: () => number
  /** Absent: keys are made here and sealed in the store. */
  readonly keys?: KeyService | undefined
  /** DIDs may be on this machine too. */
  readonly development: boolean
}

/** Witnesses are did:key of the same store; others cannot be asked yet. */
export function managedDids(store: Store, { now, keys, development }: ManagedDidsOptions): DidAgent {
  const agent: DidAgent = createDidAgent({
    store,
    keys: { generate: generateKey, signerOf },
    hash,
    now,
    location: { localhost: development },
    witnesses: { ask: (shown) => witnessHere(agent, shown), checkSignatures },
    ...(keys === undefined ? {} : { holder: keyHoldingOf(keys) }),
  })
  return agent
}

async function witnessHere(
  { agent, dids }: DidAgent,
  { witness, data }: ShownToWitness,
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
