/**
 * Records as JSON with a format version: what was written by an older release is recognised, and what
 * was written by a newer one is refused and not misread.
 */
import { StoreError } from './error.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** A record that says which form it has. */
export interface VersionedRecord {
  /** The version of the record's form, counted from 1. */
  readonly v: number
}

/** A record as it was read: the caller reads each member that it needs. */
export interface StoredRecord extends VersionedRecord {
  readonly [name: string]: unknown
}

/**
 * Writes a record as UTF-8 JSON: `{"v":1,…}`. Members must be JSON values; `undefined` is left out.
 */
export function writeRecord<R extends VersionedRecord>(record: R): Uint8Array {
  return encoder.encode(JSON.stringify(record))
}

/**
 * Reads a record of the form `version`.
 *
 * @throws {StoreError} `format_unknown`: another version; `store_corrupt`: no record at all
 */
export function readRecord(bytes: Uint8Array, version: number): StoredRecord {
  const record = readObject(bytes)
  if (record.v === version) return record
  throw new StoreError(
    'format_unknown',
    `A record has form ${record.v} where ${version} is read: use the release that wrote it, or migrate it`,
  )
}

function readObject(bytes: Uint8Array): StoredRecord {
  const value = readJson(bytes)
  if (isObject(value) && Number.isSafeInteger(value.v)) return value as StoredRecord
  throw new StoreError('store_corrupt', 'A record is no JSON object with a version: restore it from a backup')
}

function readJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(bytes))
  } catch {
    // The parser's own error quotes the text, which may be personal: it is not kept as the cause.
    throw new StoreError('store_corrupt', 'A record is no UTF-8 JSON: restore it from a backup')
  }
}

function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
