/**
 * did:peer: a DID for one relationship, which holds its keys and services itself and never changes (numalgo 2).
 * Whoever is to know it is told it; nobody else can find it.
 */
import { resolveDidPeer, writeDidPeer2 } from '@facet-id/credential/did/peer'
import { type DidMethod, draftKey, newDid } from './method.ts'

export const peer: DidMethod = {
  name: 'peer',

  async create(wish, making) {
    const assertion = await draftKey('key-1', ['assertion'], { making, alg: wish.alg })
    const authentication = await draftKey('key-2', ['authentication'], { making, alg: wish.alg })
    const did = writeDidPeer2(
      [
        { purpose: 'assertionMethod', key: assertion.publicJwk },
        { purpose: 'authentication', key: authentication.publicJwk },
      ],
      wish.services?.map(({ id, ...service }) => ({ ...service, id: `#${id}` })),
    )
    return { kept: newDid(did, wish, { keys: [assertion, authentication], now: making.now }) }
  },

  documentOf: ({ did }, { hash }) => resolveDidPeer(did, hash),
}
