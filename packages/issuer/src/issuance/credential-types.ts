/**
 * The types that an issuer issues, out of the documents that describe them. SD-JWT VC §5.
 *
 * They are read once, when the issuer is made: what it signs keeps their rules, and what it publishes is
 * the document as it was given, byte for byte.
 */
import type { Hash } from '@facet-id/credential/jose'
import {
  beginType,
  type CredentialType,
  type TypeResolution,
  takeDocument,
  writeIntegrity,
} from '@facet-id/credential/type-metadata'
import { IssuerError } from '../error.ts'
import type { CredentialConfiguration, IssuerSettings } from '../settings.ts'

export interface OwnType {
  readonly type: CredentialType
  /** As it is published. */
  readonly document: string
  /** What stands in credentials as `vct#integrity`; absent: nothing does. */
  readonly integrity?: string
}

/** By the configuration's id; one without documents has no entry. */
export type OwnTypes = ReadonlyMap<string, OwnType>

/** @throws {IssuerError} `settings_invalid` for documents that no wallet could use */
export function readOwnTypes({ configurations }: IssuerSettings, hash: Hash): OwnTypes {
  const types = new Map<string, OwnType>()
  for (const [id, configuration] of Object.entries(configurations)) {
    const type = readOwnType(id, configuration, hash)
    if (type !== undefined) types.set(id, type)
  }
  return types
}

function readOwnType(id: string, configuration: CredentialConfiguration, hash: Hash): OwnType | undefined {
  const { vct, type } = configuration
  const [document] = type?.documents ?? []
  if (type === undefined || document === undefined) return undefined
  try {
    let resolution: TypeResolution = beginType(vct)
    for (const text of type.documents) resolution = takeDocument(resolution, text, hash)
    if (resolution.has === 'documents') throw new Error('a document that is extended is missing')
    const integrity = type.pinned === true ? { integrity: writeIntegrity(document, hash) } : {}
    return { type: resolution.type, document, ...integrity }
  } catch (cause) {
    throw new IssuerError(
      'settings_invalid',
      `The issuer's settings must be such that configurations.${id}.type.documents are the document about its type and those that it extends, in that order`,
      { cause },
    )
  }
}
