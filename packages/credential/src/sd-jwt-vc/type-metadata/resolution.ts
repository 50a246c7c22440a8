/**
 * From a type's name to the type: its document and those that it extends, one after the other.
 * draft-ietf-oauth-sd-jwt-vc-19 §5.3, §5.4, §7.4.
 *
 * An exchange: it says which document it needs and takes it in. What it needs is fetched elsewhere.
 */
import { CredentialError } from '../../error.ts'
import type { Hash } from '../../jose/ports.ts'
import { type CredentialType, joinTypes } from './credential-type.ts'
import { readTypeMetadata, type TypeMetadata } from './document.ts'
import { checkIntegrity } from './integrity.ts'

/** Documents of one type, its parents included. */
export const typeDepth = 10

export type TypeResolution = WantingDocuments | { readonly has: 'type'; readonly type: CredentialType }

export interface WantingDocuments {
  readonly has: 'documents'
  /** The type's own first. */
  readonly documents: readonly TypeMetadata[]
  readonly wanted: WantedDocument
}

/** A document that is needed next. */
export interface WantedDocument {
  readonly vct: string
  /** What must hold of its bytes; absent: whoever refers to it does not say. */
  readonly integrity?: string
}

/** @param integrity the credential's `vct#integrity`, where it has one */
export function beginType(vct: string, integrity?: string): WantingDocuments {
  return { has: 'documents', documents: [], wanted: wantedOf(vct, integrity) }
}

/** A document, and what whoever keeps it has read in it before: it is the same for every credential of the type. */
export interface TypeDocument {
  /** As it was received, byte for byte. */
  readonly document: string
  /** What `readTypeMetadata` made of it; absent: it is read now. */
  readonly read?: TypeMetadata
  /** What `joinTypes` made of that alone, where it extends nothing; absent: it is joined now. */
  readonly type?: CredentialType
}

/**
 * Takes in the document that was wanted.
 *
 * @param given its text as it was received, byte for byte, since its integrity is checked
 * @throws {CredentialError} `integrity_unsupported`, `integrity_mismatch`; `type_metadata_circular`,
 *   `type_metadata_too_deep`; those of `readTypeMetadata` and `joinTypes`; `not_ready` when none is wanted
 */
export function takeDocument(
  resolution: TypeResolution,
  given: string | TypeDocument,
  hash: Hash,
): TypeResolution {
  if (resolution.has === 'type') throw new CredentialError('not_ready', 'The type is known already')
  const { vct, integrity } = resolution.wanted
  const {
    document,
    read: before,
    type,
  }: TypeDocument = typeof given === 'string' ? { document: given } : given
  if (integrity !== undefined) checkIntegrity(document, integrity, hash)
  const read = before?.vct === vct ? before : readTypeMetadata(document, vct)
  const documents = [...resolution.documents, read]
  if (read.extends === undefined) {
    const isWhole = read === before && documents.length === 1
    return { has: 'type', type: isWhole && type !== undefined ? type : joinTypes(documents) }
  }
  // §7.4: "Consumers MUST detect and prevent circular dependencies".
  if (documents.some((known) => known.vct === read.extends)) {
    throw new CredentialError('type_metadata_circular', 'The type extends itself, directly or through others')
  }
  if (documents.length >= typeDepth) {
    throw new CredentialError('type_metadata_too_deep', `At most ${typeDepth} types are followed`)
  }
  return { has: 'documents', documents, wanted: wantedOf(read.extends, read['extends#integrity']) }
}

function wantedOf(vct: string, integrity: string | undefined): WantedDocument {
  return { vct, ...(integrity === undefined ? {} : { integrity }) }
}
