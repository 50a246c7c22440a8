/**
 * Keys of issuers that are known by their address: out of the metadata that they publish there.
 * draft-ietf-oauth-sd-jwt-vc-19 §4.
 */

import {
  findIssuerKey,
  type IssuerMetadata,
  issuerMetadataUrl,
  readIssuerKeys,
  readIssuerMetadata,
} from '@facet-id/credential/issuer-metadata'
import type { PublicJwk } from '@facet-id/credential/jose'
import type { IssuerKeyAnswer, IssuerKeyPolicy, KeyReference } from '@facet-id/credential/sd-jwt-vc'
import {
  createPublicDocuments,
  type DocumentAnswer,
  type PublicDocumentBounds,
  type PublicDocumentPorts,
} from './public-documents.ts'

export interface IssuerMetadataOptions extends PublicDocumentPorts {
  /** Which addresses issuers may have; `https` when absent. */
  readonly scheme?: NonNullable<IssuerKeyPolicy['scheme']>
  /** Those that differ from the defaults. */
  readonly bounds?: Partial<PublicDocumentBounds>
  /**
   * How long a document may be kept before a key that is not in it makes it be fetched again, seconds;
   * 60. So a new key is found soon, and a made-up one makes no traffic.
   */
  readonly rereadAfter?: number
}

export type AddressReference = Extract<KeyReference, { readonly by: 'jwt_vc_issuer' }>

export interface IssuerMetadataKeys {
  /** Never rejects: what is wrong is in the answer, in words that are safe to show. */
  keyOf(reference: AddressReference): Promise<IssuerKeyAnswer>
}

export function createIssuerMetadataKeys(options: IssuerMetadataOptions): IssuerMetadataKeys {
  const { scheme = 'https', bounds, rereadAfter = 60, now } = options
  const metadata = createPublicDocuments<IssuerMetadata>(
    {
      title: 'The metadata of the issuer',
      urlOf: (issuer) => issuerMetadataUrl(issuer, scheme),
      read: (text, issuer) => readIssuerMetadata(text, issuer, scheme),
    },
    options,
    bounds,
  )
  const keySets = createPublicDocuments<readonly PublicJwk[]>(
    { title: 'The set of keys of the issuer', urlOf: (url) => url, read: readIssuerKeys },
    options,
    bounds,
  )

  const keysOf = async (issuer: string, since?: number): Promise<DocumentAnswer<readonly PublicJwk[]>> => {
    const found = await metadata.documentOf(issuer, since)
    if (!('document' in found)) return found
    if ('jwks_uri' in found.document) return keySets.documentOf(found.document.jwks_uri, since)
    return { document: found.document.jwks, askedAt: found.askedAt }
  }

  return {
    async keyOf(reference) {
      const { issuer } = reference
      const known = await keysOf(issuer)
      if (!('document' in known)) return known
      const key = findIssuerKey(known.document, reference)
      if (key !== undefined) return { key, issuer }
      const since = now() - rereadAfter
      const fresh = known.askedAt >= since ? known : await keysOf(issuer, since)
      if (!('document' in fresh)) return fresh
      const added = findIssuerKey(fresh.document, reference)
      return added === undefined
        ? { refused: 'The metadata of the issuer names no such key, or more than one.' }
        : { key: added, issuer }
    },
  }
}
