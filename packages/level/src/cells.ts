/**
 * What a value in the database looks like: a checksum, then what it covers. The engine does not
 * verify its own checksums when it reads, so a flipped bit would come back as data.
 *
 *     record  crc32(4) version(8) expiresAt(8, 0: never) value(…)
 *     number  crc32(4) number(8)        counters, log heads, the reserved versions
 *     entry   crc32(4) value(…)         log entries
 *
 * Numbers are big-endian.
 */
import { StoreError } from '@facet-id/store'
import { crc32 } from './checksum.ts'

export interface RecordCell {
  readonly version: number
  readonly expiresAt: number | undefined
  readonly value: Uint8Array
}

const CRC_BYTES = 4
const NUMBER_BYTES = 8

export function writeRecordCell({ version, expiresAt, value }: RecordCell): Uint8Array {
  const body = new Uint8Array(2 * NUMBER_BYTES + value.length)
  writeNumberAt(body, 0, version)
  writeNumberAt(body, NUMBER_BYTES, expiresAt === undefined ? 0 : expiresAt + 1)
  body.set(value, 2 * NUMBER_BYTES)
  return writeCell(body)
}

/** @throws {StoreError} `store_corrupt` */
export function readRecordCell(cell: Uint8Array): RecordCell {
  const body = readCell(cell, 2 * NUMBER_BYTES)
  const expiry = readNumberAt(body, NUMBER_BYTES)
  return {
    version: readNumberAt(body, 0),
    expiresAt: expiry === 0 ? undefined : expiry - 1,
    value: new Uint8Array(body.subarray(2 * NUMBER_BYTES)),
  }
}

export function writeNumberCell(number: number): Uint8Array {
  const body = new Uint8Array(NUMBER_BYTES)
  writeNumberAt(body, 0, number)
  return writeCell(body)
}

/** @throws {StoreError} `store_corrupt` */
export function readNumberCell(cell: Uint8Array): number {
  return readNumberAt(readCell(cell, NUMBER_BYTES), 0)
}

export function writeEntryCell(value: Uint8Array): Uint8Array {
  return writeCell(value)
}

/** @throws {StoreError} `store_corrupt` */
export function readEntryCell(cell: Uint8Array): Uint8Array {
  return new Uint8Array(readCell(cell, 0))
}

function writeCell(body: Uint8Array): Uint8Array {
  const cell = new Uint8Array(CRC_BYTES + body.length)
  viewOf(cell).setUint32(0, crc32(body))
  cell.set(body, CRC_BYTES)
  return cell
}

function readCell(cell: Uint8Array, leastBytes: number): Uint8Array {
  const body = cell.subarray(CRC_BYTES)
  if (cell.length < CRC_BYTES + leastBytes || viewOf(cell).getUint32(0) !== crc32(body)) {
    throw new StoreError(
      'store_corrupt',
      'What rests in the store does not fit its checksum: stop, keep a copy of the directory, and restore it from a backup',
    )
  }
  return body
}

function writeNumberAt(bytes: Uint8Array, at: number, number: number): void {
  viewOf(bytes).setBigUint64(at, BigInt(number))
}

function readNumberAt(bytes: Uint8Array, at: number): number {
  return Number(viewOf(bytes).getBigUint64(at))
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
