/**
 * Documents about types of credentials: those that were brought along, and those of publishers that
 * count. draft-ietf-oauth-sd-jwt-vc-19 §5.3, §7.5, §7.8.
 */
import type { Hash } from '@facet-id/credential/jose'
import { findMember, readJsonObject } from '@facet-id/credential/json'
import type { TypeDocumentAnswer } from '@facet-id/credential/sd-jwt-vc'
import {
  checkIntegrity,
  joinTypes,
  readTypeMetadata,
  type TypeMetadata,
  typeMetadataBytes,
} from '@facet-id/credential/type-metadata'
import { readHttpUrl, type Scheme } from '@facet-id/protocol/url'
import { createKept } from './kept.ts'
import {
  createPublicDocuments,
  defaultBounds,
  type PublicDocumentBounds,
  type PublicDocumentPorts,
} from './public-documents.ts'

export interface TypeDocumentOptions extends PublicDocumentPorts {
  readonly hash: Hash
  /** Documents as they were published, byte for byte. They are used before anything is fetched. */
  readonly documents?: readonly string[]
  /**
   * Whose documents are fetched: origins (`https://types.example`), compared as text. Absent: nobody's.
   * A type is fetched from the address that it is called by, so its publisher is its origin.
   */
  readonly publishers?: readonly string[]
  /** `https` when absent. */
  readonly scheme?: Scheme
  /** Those that differ from the defaults. */
  readonly bounds?: Partial<PublicDocumentBounds>
}

export interface TypeQuestion {
  readonly vct: string
  /** What must hold of the document; absent: nobody says. */
  readonly integrity?: string
}

export interface TypeDocuments {
  /** Never rejects. What is found is not checked, save to be the document of that type. */
  typeMetadataOf(question: TypeQuestion): Promise<TypeDocumentAnswer>
}

/** @throws {CredentialError} those of `readTypeMetadata` and `joinTypes`, for a document that was brought along */
export function createTypeDocuments(options: TypeDocumentOptions): TypeDocuments {
  const { hash, documents = [], publishers = [], scheme = 'https', bounds = {} } = options
  const brought = new Map(
    documents.map((document) => {
      const read = readBrought(document)
      const type = read.extends === undefined ? { type: joinTypes([read]) } : {}
      return [read.vct, { document, read, ...type }]
    }),
  )
  const published = createPublicDocuments<string>(
    { title: 'The document about the type', urlOf: (vct) => vct, read: readBounded },
    options,
    bounds,
  )
  // §5.3.4: "MAY" be kept for good: what an integrity value holds of never changes.
  const byIntegrity = createKept<string>(
    bounds.maxKeptBytes ?? defaultBounds.maxKeptBytes,
    (text) => 2 * text.length,
  )

  const holds = (text: string, integrity: string | undefined): boolean => {
    try {
      if (integrity !== undefined) checkIntegrity(text, integrity, hash)
      return true
    } catch {
      return false
    }
  }

  const fetchType = async ({ vct, integrity }: TypeQuestion): Promise<TypeDocumentAnswer> => {
    const key = `${integrity} ${vct}`
    const kept = integrity === undefined ? undefined : byIntegrity.find(key, 0)
    if (kept !== undefined) return { document: kept }
    const found = await published.documentOf(vct)
    if (!('document' in found)) return found
    const { document } = found
    if (integrity !== undefined && holds(document, integrity)) {
      byIntegrity.keep(key, document, { from: 0, until: Number.POSITIVE_INFINITY })
    }
    return { document }
  }

  return {
    async typeMetadataOf(question) {
      const { vct, integrity } = question
      const known = brought.get(vct)
      if (known !== undefined && publishers.length === 0) return known
      const origin = originOf(vct, scheme)
      const isPublished = origin !== undefined && publishers.includes(origin)
      if (known !== undefined && (!isPublished || holds(known.document, integrity))) return known
      if (isPublished) return fetchType(question)
      return origin === undefined
        ? { undetermined: 'Nobody here knows a document about the type.' }
        : { refused: 'The publisher of the type is none whose documents are used here.' }
    },
  }
}

function originOf(vct: string, scheme: Scheme): string | undefined {
  try {
    return readHttpUrl(vct, scheme).origin
  } catch {
    return undefined
  }
}

/** The judgement reads it again; here it is only made sure that nothing else is kept. */
function readBounded(text: string, vct: string): string {
  if (text.length > typeMetadataBytes || typeIn(text) !== vct) throw new Error('another document')
  return text
}

function readBrought(text: string): TypeMetadata {
  const vct = typeIn(text)
  return readTypeMetadata(text, typeof vct === 'string' ? vct : '')
}

function typeIn(text: string): unknown {
  return findMember(readJsonObject(text), 'vct')
}
