/** What resolving a DID comes to (DID Resolution, Candidate Recommendation of 2026-07-23). */
import type { DidDocument } from '@facet-id/credential/did'
import type { JsonObject } from '@facet-id/credential/json'

/** Why there is no document, as the text names it. */
export type DidErrorCode =
  /** The DID breaks a rule of its syntax or of its method; of did:webvh, its log does. */
  | 'INVALID_DID'
  | 'INVALID_DID_URL'
  /** What was published is no DID document, or that of another DID. */
  | 'INVALID_DID_DOCUMENT'
  | 'INVALID_OPTIONS'
  | 'NOT_FOUND'
  | 'METHOD_NOT_SUPPORTED'
  /** An option that has no meaning for the method: a version of a DID that has none. */
  | 'FEATURE_NOT_SUPPORTED'
  | 'REPRESENTATION_NOT_SUPPORTED'
  /** It could not be found out, through no fault of the DID: its server is not reached. */
  | 'INTERNAL_ERROR'

/** RFC 9457. */
export interface DidProblem {
  /** `https://www.w3.org/ns/did#NOT_FOUND` */
  readonly type: string
  readonly title: string
  /** A sentence that is safe to show. */
  readonly detail: string
}

export interface DidResolution {
  /** `null` when it could not be resolved, and when the DID was given up. */
  readonly didDocument: DidDocument | null
  /** Empty when it could not be resolved. `deactivated`: the DID was given up. */
  readonly didDocumentMetadata: JsonObject
  readonly didResolutionMetadata: { readonly contentType: string } | { readonly error: DidProblem }
}

/** Why a DID was not resolved, on its way to its caller. */
export interface DidFailure {
  readonly code: DidErrorCode
  readonly detail: string
}

const problemType = 'https://www.w3.org/ns/did#'
export const didMediaType = 'application/did'

const titles: Readonly<Record<DidErrorCode, string>> = {
  INVALID_DID: 'The DID is not valid',
  INVALID_DID_URL: 'The DID URL is not valid',
  INVALID_DID_DOCUMENT: 'The DID document is not valid',
  INVALID_OPTIONS: 'The options are not valid',
  NOT_FOUND: 'The DID is not found',
  METHOD_NOT_SUPPORTED: 'The DID method is not supported',
  FEATURE_NOT_SUPPORTED: 'The DID method does not have what was asked for',
  REPRESENTATION_NOT_SUPPORTED: 'The representation is not supported',
  INTERNAL_ERROR: 'The DID could not be resolved',
}

export function unresolved({ code, detail }: DidFailure): DidResolution {
  return {
    didDocument: null,
    didDocumentMetadata: {},
    didResolutionMetadata: { error: { type: `${problemType}${code}`, title: titles[code], detail } },
  }
}

export function resolved(
  didDocument: DidDocument | null,
  metadata: JsonObject,
  contentType: string,
): DidResolution {
  return {
    didDocument,
    didDocumentMetadata: metadata,
    didResolutionMetadata: { contentType },
  }
}

/** Why there is no document; absent where the DID was resolved, and where it was given up. */
export function findDidError({ didResolutionMetadata }: DidResolution): DidErrorCode | undefined {
  if (!('error' in didResolutionMetadata)) return undefined
  const code = didResolutionMetadata.error.type.slice(problemType.length)
  return isErrorCode(code) ? code : 'INTERNAL_ERROR'
}

/** Status of the answer of a resolver that is asked over HTTP (DID Resolution, HTTP(S) Binding). */
export function httpStatusOf(resolution: DidResolution): number {
  const code = findDidError(resolution)
  if (code === undefined) return resolution.didDocument === null ? 410 : 200
  return statuses[code]
}

const statuses: Readonly<Record<DidErrorCode, number>> = {
  INVALID_DID: 400,
  INVALID_DID_URL: 400,
  INVALID_OPTIONS: 400,
  NOT_FOUND: 404,
  REPRESENTATION_NOT_SUPPORTED: 406,
  INVALID_DID_DOCUMENT: 500,
  METHOD_NOT_SUPPORTED: 501,
  FEATURE_NOT_SUPPORTED: 501,
  INTERNAL_ERROR: 500,
}

function isErrorCode(code: string): code is DidErrorCode {
  return Object.hasOwn(statuses, code)
}
