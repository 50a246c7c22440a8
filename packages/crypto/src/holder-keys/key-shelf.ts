/** Where handles of keys rest that cannot be turned into bytes, so that no `Store` can hold them. */
import type { PublicJwk } from '@facet-id/credential/jose'
import type { WebKey } from '../web/web-key.ts'

export interface ShelvedKey {
  readonly keyId: string
  readonly publicJwk: PublicJwk
  /** A handle: what holds it signs with it, and nobody reads it. */
  readonly privateKey: WebKey
}

export interface KeyShelf {
  find(keyIds: readonly string[]): Promise<readonly (ShelvedKey | undefined)[]>
  /**
   * Keeps all that are given or none, for good before it answers. Where a name is taken already, what is there
   * stays. Answers with what is there now, in the order given.
   */
  keep(keys: readonly ShelvedKey[]): Promise<readonly ShelvedKey[]>
  remove(keyIds: readonly string[]): Promise<void>
}

/** A shelf that lasts as long as its page: for a demonstration, or for a wallet that is thrown away. */
export function memoryKeyShelf(): KeyShelf {
  const shelf = new Map<string, ShelvedKey>()
  return {
    find: async (keyIds) => keyIds.map((keyId) => shelf.get(keyId)),
    keep: async (keys) =>
      keys.map((key) => {
        const kept = shelf.get(key.keyId) ?? key
        shelf.set(key.keyId, kept)
        return kept
      }),
    remove: async (keyIds) => {
      for (const keyId of keyIds) shelf.delete(keyId)
    },
  }
}
