/** Holder keys of a browser: made by WebCrypto, not exportable, kept as handles. */
import { algorithmOf, type JwsAlgorithm } from '@facet-id/credential/jose'
import { HolderError, type HolderKey, type HolderKeys } from '@facet-id/holder'
import { signerOf } from '../web/sign.ts'
import { generateKey } from '../web/web-key.ts'
import type { KeyShelf, ShelvedKey } from './key-shelf.ts'

/**
 * Fits the port `HolderKeys`.
 *
 * @param shelf where the handles rest: `indexedDbKeyShelf` in a browser
 * @param alg of the keys that are made; ES256 unless told
 */
export function webKeys(shelf: KeyShelf, alg: JwsAlgorithm = 'ES256'): HolderKeys {
  return {
    async create(keyIds) {
      const found = await shelf.find(keyIds)
      const lacking = new Set(keyIds.filter((_, at) => found[at] === undefined))
      const made = await Promise.all(
        [...lacking].map(async (keyId) => ({ keyId, ...(await generateKey(alg)) })),
      )
      // Of two pages that made the same key, both are told the one that was kept.
      const kept = new Map((await shelf.keep(made)).map((key) => [key.keyId, key]))
      return keyIds.flatMap((keyId, at) => holderKeyOf(found[at] ?? kept.get(keyId)))
    },

    async sign(keyId, data) {
      const [key] = await shelf.find([keyId])
      if (key === undefined) throw new HolderError('credential_unknown', 'The key of this credential is gone')
      return signerOf(key.privateKey).sign(data)
    },

    forget: (keyIds) => shelf.remove(keyIds),
  }
}

function holderKeyOf(key: ShelvedKey | undefined): readonly HolderKey[] {
  if (key === undefined) return []
  const { keyId, publicJwk } = key
  return [{ keyId, publicJwk, alg: algorithmOf(publicJwk) }]
}
