/** did:jwk: the DID is its one key, which never changes. */
import { resolveDidJwk, writeDidJwk } from '@facet-id/credential/did'
import { bareJwk, readPublicJwk } from '@facet-id/credential/jose'
import { type DidMethod, draftKey, newDid } from './method.ts'

export const jwk: DidMethod = {
  name: 'jwk',

  /**
   * `use: "sig"`: a key that signs is not for encryption to it, so the document must not list it for
   * `keyAgreement` as it would without a use.
   */
  async create(wish, making) {
    const key = await draftKey('0', ['assertion', 'authentication'], { making, alg: wish.alg })
    const publicJwk = readPublicJwk({ ...bareJwk(key.publicJwk), use: 'sig' })
    const keys = [{ ...key, publicJwk }]
    return { kept: newDid(writeDidJwk(publicJwk), wish, { keys, now: making.now }) }
  },

  documentOf: ({ did }) => resolveDidJwk(did),
}
