/**
 * did:peer: a DID for one relationship, which holds its keys and services itself and never changes (numalgo 2).
 * Whoever is to know it is told it; nobody else can find it.
 */
import { resolveDidPeer, writeDidPeer2 } from '@facet-id/credential/did/peer'
import { type DidMethod, draftKeysForOthers, newDid } from './method.ts'

export const peer: DidMethod = {
  name: 'peer',

  async create(wish, making) {
    // One element has one purpose; keys are named by their place.
    const keys = (await draftKeysForOthers(wish, making))
      .flatMap((key) => key.roles.map((role) => ({ ...key, roles: [role] })))
      .map((key, at) => ({ ...key, id: `key-${at + 1}` }))
    const did = writeDidPeer2(
      keys.map(({ publicJwk, roles: [role] }) => ({
        purpose: role === 'assertion' ? 'assertionMethod' : 'authentication',
        key: publicJwk,
      })),
      wish.services?.map(({ id, ...service }) => ({ ...service, id: `#${id}` })),
    )
    return { kept: newDid(did, wish, { keys, now: making.now }) }
  },

  documentOf: ({ did }, { hash }) => resolveDidPeer(did, hash),
}
