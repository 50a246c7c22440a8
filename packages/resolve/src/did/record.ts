/** What was found out about a DID: all that a later question about it needs. */
import type { DidDocument, WebLocationRules } from '@facet-id/credential/did'
import {
  type DidLog,
  findVersion,
  type VersionQuery,
  webvhMetadata,
  withImplicitServices,
} from '@facet-id/credential/did/webvh'
import { type DidFailure, type DidResolution, didMediaType, resolved, unresolved } from './resolution.ts'

export type DidRecord = (
  | { readonly document: DidDocument }
  | { readonly log: DidLog; readonly rules: WebLocationRules }
  | { readonly failure: DidFailure }
) & {
  /** Seconds for which it may be used again. */
  readonly keepFor: number
  /** Roughly what it takes in memory. */
  readonly bytes: number
}

/** Whether the DID was found, and nothing is wrong with what was found. */
export function isSound(record: DidRecord): boolean {
  return 'document' in record || ('log' in record && record.log.fault === undefined)
}

/**
 * The answer to a question about the DID of a record.
 *
 * @param contentType what the document is to be called; its text is the same under each of its names
 */
export function resolutionOf(
  record: DidRecord,
  query: VersionQuery,
  contentType: string = didMediaType,
): DidResolution {
  if ('failure' in record) return unresolved(record.failure)
  if ('document' in record) return resolved(record.document, {}, contentType)
  const { log, rules } = record
  const isAsked = Object.keys(query).length > 0
  const version = isAsked || log.fault === undefined ? findVersion(log, query) : undefined
  if (version === undefined) {
    return unresolved(
      log.fault === undefined
        ? { code: 'NOT_FOUND', detail: 'The DID has no such version.' }
        : { code: 'INVALID_DID', detail: `${log.fault.reason.message} (entry ${log.fault.versionNumber}).` },
    )
  }
  const metadata = webvhMetadata(log, version)
  // "If the DID has been deactivated … didDocument: null"; versions before that may still be asked for.
  return version.parameters.deactivated
    ? resolved(null, metadata, contentType)
    : resolved(withImplicitServices(version.document, rules), metadata, contentType)
}
