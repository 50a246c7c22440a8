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
const HALF = 2 ** 32

export function writeRecordCell({ version, expiresAt, value }: RecordCell): Uint8Array {
  return writeCell(2 * NUMBER_BYTES + value.length, (body, view) => {
    writeNumberAt(view, 0, version)
    writeNumberAt(view, NUMBER_BYTES, expiresAt === undefined ? 0 : expiresAt + 1)
    body.set(value, 2 * NUMBER_BYTES)
  })
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
  return writeCell(NUMBER_BYTES, (_, view) => writeNumberAt(view, 0, number))
}

/** @throws {StoreError} `store_corrupt` */
export function readNumberCell(cell: Uint8Array): number {
  return readNumberAt(readCell(cell, NUMBER_BYTES), 0)
}

export function writeEntryCell(value: Uint8Array): Uint8Array {
  return writeCell(value.length, (body) => body.set(value))
}

/** @throws {StoreError} `store_corrupt` */
export function readEntryCell(cell: Uint8Array): Uint8Array {
  return new Uint8Array(readCell(cell, 0))
}

/** What is covered is written in its place: values are large, and each copy of one costs. */
function writeCell(bodyBytes: number, writeBody: (body: Uint8Array, view: DataView) => void): Uint8Array {
  const cell = new Uint8Array(CRC_BYTES + bodyBytes)
  const body = cell.subarray(CRC_BYTES)
  writeBody(body, viewOf(body))
  viewOf(cell).setUint32(0, crc32(body))
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

/** As two halves: a `BigInt` for each would cost more than all the rest of a cell. */
function writeNumberAt(view: DataView, at: number, number: number): void {
  view.setUint32(at, Math.floor(number / HALF))
  view.setUint32(at + 4, number % HALF)
}

function readNumberAt(body: Uint8Array, at: number): number {
  const view = viewOf(body)
  return view.getUint32(at) * HALF + view.getUint32(at + 4)
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
