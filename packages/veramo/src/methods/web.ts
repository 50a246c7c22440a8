/**
 * did:web: a document on a host, whose word is all there is (w3c-ccg/did-method-web). Each change shows at
 * once; who gives the DID up serves nothing any more.
 */
import { didWebUrl, writeDidWeb } from '@facet-id/credential/did'
import { DidAgentError } from '../error.ts'
import { documentOfKept } from './document.ts'
import { type DidMethod, draftKeysForOthers, newDid, pathOfUrl } from './method.ts'

export const web: DidMethod = {
  name: 'web',

  async create(wish, making) {
    if (wish.domain === undefined) throw new DidAgentError('wish_malformed', 'A did:web needs a domain')
    const did = writeDidWeb(wish.domain, wish.path, making.location)
    const keys = await draftKeysForOthers(wish, making)
    return { kept: newDid(did, wish, { keys, now: making.now }) }
  },

  change: async (_, kept) => ({ kept }),

  documentOf: (kept, { now }) => (kept.deactivatedAt === undefined ? documentOfKept(kept, now) : undefined),

  async filesOf(kept, making) {
    const document = web.documentOf(kept, making)
    if (document === undefined) return []
    const path = pathOfUrl(didWebUrl(kept.did, making.location))
    return [{ path, mediaType: 'application/did+json', body: JSON.stringify(document) }]
  },
}
