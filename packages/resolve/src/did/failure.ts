import type { DidRecord } from './record.ts'
import type { DidErrorCode, DidFailure } from './resolution.ts'

/** @param keepFor seconds */
export function failed(failure: DidFailure, keepFor: number): DidRecord {
  return { failure, keepFor, bytes: 0 }
}

/** The words of our own errors are safe to show; those of others stay where they are. */
export function failureOf(error: unknown, code: DidErrorCode): DidFailure {
  if (!(error instanceof Error && error.name === 'CredentialError' && 'code' in error)) {
    return { code: 'INTERNAL_ERROR', detail: 'The DID could not be looked at, and it is not known why.' }
  }
  return { code: error.code === 'did_unknown' ? 'NOT_FOUND' : code, detail: `${error.message}.` }
}
