/** Keys that were made for a DID which is not kept yet; their private halves wait here, in memory. */
import type { JwsAlgorithm, PublicJwk, Signer } from '@facet-id/credential/jose'
import { DidAgentError } from '../error.ts'
import type { HeldKeys, Keys } from './held-keys.ts'
import type { KeptDid } from './kept-did.ts'
import type { LooseKeys } from './loose-keys.ts'
import type { HeldKey } from './records.ts'

export interface Drafts {
  draft(alg: JwsAlgorithm): Promise<{ readonly at: string; readonly publicJwk: PublicJwk }>
  /** What signs with a draft. @throws {DidAgentError} `key_unknown` */
  signer(at: string): Promise<Signer>
  /**
   * The keys that the DID has and had not before. They leave: a draft is good for one attempt.
   *
   * @throws {DidAgentError} `key_unknown`: one was not drafted here
   */
  take(kept: KeptDid, before?: KeptDid): HeldKeys
  /** Forgets drafts of which nothing came, and destroys them where they are held. Never rejects. */
  discard(ats: readonly string[]): Promise<void>
}

export function createDrafts(keys: Keys, loose: Pick<LooseKeys, 'note' | 'discard'>): Drafts {
  const drafts = new Map<string, HeldKey>()

  function find(at: string): HeldKey {
    const held = drafts.get(at)
    if (held !== undefined) return held
    throw new DidAgentError('key_unknown', 'The keys of a DID are made here, and kept with the DID at once')
  }

  return {
    async draft(alg) {
      const { at, publicJwk, held } = await keys.make(alg)
      await loose.note(at, held)
      drafts.set(at, held)
      return { at, publicJwk }
    },
    signer: async (at) => keys.open(find(at), ''),
    take(kept, before) {
      const fresh = new Set(kept.keys.map(({ at }) => at))
      for (const { at } of before?.keys ?? []) fresh.delete(at)
      const taken = new Map([...fresh].map((at) => [at, find(at)] as const))
      for (const at of fresh) drafts.delete(at)
      return taken
    },
    async discard(ats) {
      for (const at of ats) drafts.delete(at)
      await loose.discard(ats)
    },
  }
}
