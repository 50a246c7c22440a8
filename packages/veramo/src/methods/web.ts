/**
 * did:web: a document on a host, whose word is all there is (w3c-ccg/did-method-web). Each change shows at
 * once; who gives it up serves nothing any more.
 */
import { documentOfKept } from './document.ts'
import { readHost } from './host.ts'
import { type DidMethod, draftKey, newDid } from './method.ts'

export const web: DidMethod = {
  name: 'web',

  async create(wish, making) {
    const { written, folder } = readHost(wish)
    const keys = [
      await draftKey('key-1', ['assertion'], { making, alg: wish.alg }),
      await draftKey('key-2', ['authentication'], { making, alg: wish.alg }),
    ]
    const kept = newDid(`did:web:${written}`, wish, { keys, now: making.now })
    return { kept: { ...kept, notes: { folder } } }
  },

  change: async (_, kept) => ({ kept }),

  documentOf: (kept, now) => (kept.deactivatedAt === undefined ? documentOfKept(kept, now) : undefined),

  async filesOf(kept, { now }) {
    const document = web.documentOf(kept, now)
    if (document === undefined) return []
    const path = `${String(kept.notes?.folder)}/did.json`
    return [{ path, mediaType: 'application/did+json', body: JSON.stringify(document) }]
  },
}
