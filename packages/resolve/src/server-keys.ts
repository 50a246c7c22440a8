/**
 * What authorization servers and OpenID providers publish about themselves, and the keys that they sign tokens
 * with. RFC 8414, OpenID Connect Discovery 1.0, RFC 7517.
 *
 * Which servers are asked is for the operator to say: nothing in a token leads anywhere.
 */
import { findIssuerKey, readIssuerKeys } from '@facet-id/credential/issuer-metadata'
import type { JwsAlgorithm, PublicJwk } from '@facet-id/credential/jose'
import {
  createPublicDocuments,
  type DocumentAnswer,
  type PublicDocumentBounds,
  type PublicDocumentPorts,
} from './public-documents.ts'

/** How a kind of server publishes itself. */
export interface ServerDocument<Metadata extends { readonly jwks_uri?: string }> {
  /** Where that server's document is. Throws for what is no server. */
  urlOf(issuer: string): string
  /** Throws for what is not that server's document. */
  read(text: string, issuer: string): Metadata
}

export interface ServerKeysOptions extends PublicDocumentPorts {
  /** Those that differ from the defaults. */
  readonly bounds?: Partial<PublicDocumentBounds>
  /** How long keys may be kept before one that is not among them makes them be fetched again, seconds; 60. */
  readonly rereadAfter?: number
}

export interface ServerKeyQuestion {
  readonly issuer: string
  readonly alg: JwsAlgorithm
  /** Absent: the server has one key for `alg`. */
  readonly kid?: string
}

export interface ServerKeys<Metadata> {
  /** Never rejects. */
  metadataOf(issuer: string): Promise<DocumentAnswer<Metadata>>
  /** `undefined` where there is none, or it could not be had. Never rejects. */
  keyOf(question: ServerKeyQuestion): Promise<PublicJwk | undefined>
  /**
   * The set of keys as it is published, for whoever reads kinds of keys that nobody here does. Never rejects.
   *
   * @param since one that was asked for before that is fetched anew; absent: what is kept will do
   */
  keySetOf(issuer: string, since?: number): Promise<DocumentAnswer<string>>
}

interface KeySet {
  readonly text: string
  readonly keys: readonly PublicJwk[]
}

export function createServerKeys<Metadata extends { readonly jwks_uri?: string }>(
  document: ServerDocument<Metadata>,
  options: ServerKeysOptions,
): ServerKeys<Metadata> {
  const { bounds, rereadAfter = 60, now } = options
  const metadata = createPublicDocuments<Metadata>(
    { title: 'The metadata of the server', ...document },
    options,
    bounds,
  )
  const keySets = createPublicDocuments<KeySet>(
    {
      title: 'The set of keys of the server',
      urlOf: (url) => url,
      read: (text) => ({ text, keys: readIssuerKeys(text) }),
    },
    options,
    bounds,
  )

  const keysOf = async (issuer: string, since?: number): Promise<DocumentAnswer<KeySet>> => {
    const found = await metadata.documentOf(issuer, since)
    if (!('document' in found)) return found
    const { jwks_uri } = found.document
    return jwks_uri === undefined
      ? { refused: 'The metadata of the server names no keys.' }
      : keySets.documentOf(jwks_uri, since)
  }

  return {
    metadataOf: (issuer) => metadata.documentOf(issuer),

    async keySetOf(issuer, since) {
      const found = await keysOf(issuer, since)
      return 'document' in found ? { ...found, document: found.document.text } : found
    },

    async keyOf(question) {
      const known = await keysOf(question.issuer)
      if (!('document' in known)) return undefined
      const key = findIssuerKey(known.document.keys, question)
      const since = now() - rereadAfter
      if (key !== undefined || known.askedAt >= since) return key
      const fresh = await keysOf(question.issuer, since)
      return 'document' in fresh ? findIssuerKey(fresh.document.keys, question) : undefined
    },
  }
}
