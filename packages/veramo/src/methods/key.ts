/** did:key: the DID is its one key, in as few characters as may be, and never changes. */
import { resolveDidKey, writeDidKey, writeMultikey } from '@facet-id/credential/did'
import { type DidMethod, draftKey, newDid } from './method.ts'

export const key: DidMethod = {
  name: 'key',

  async create(wish, making) {
    const drafted = await draftKey('', ['assertion', 'authentication'], { making, alg: wish.alg })
    const keys = [{ ...drafted, id: writeMultikey(drafted.publicJwk) }]
    return { kept: newDid(writeDidKey(drafted.publicJwk), wish, { keys, now: making.now }) }
  },

  documentOf: ({ did }) => resolveDidKey(did),
}
