/**
 * One form of record, read and written as one type. A store module keeps one for each kind of record
 * it knows; the version grows when the type changes meaning.
 */
import { readRecord, writeRecord } from './record.ts'

export interface RecordForm<T extends object> {
  write(record: T): Uint8Array
  /** @throws {StoreError} `format_unknown`: written by another release; `store_corrupt` */
  read(bytes: Uint8Array): T
}

/**
 * @param version of the form, from 1; records of another version are refused, not misread
 */
export function recordForm<T extends object>(version: number): RecordForm<T> {
  return {
    write: (record) => writeRecord({ ...record, v: version }),
    read(bytes) {
      const { v: _, ...record } = readRecord(bytes, version)
      // The version was just checked, and what has it was written by `write` above.
      return record as object as T
    },
  }
}
