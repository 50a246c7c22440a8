/**
 * CRC-32 (ISO 3309, as in zip and PNG), in plain code so that the store also runs in a browser. Every value is covered
 * when it is written and when it is read, so four bytes are taken in one step ("slicing by four").
 */

/** Four tables in a row: that of a byte, and those of a byte with one, two and three zeros behind it. */
const TABLES = makeTables()

/** The checksum of the bytes, or of bytes that follow those whose checksum is `before`. */
export function crc32(bytes: Uint8Array, before = 0): number {
  let crc = ~before
  let at = 0
  for (const whole = bytes.length - 3; at < whole; at += 4) {
    crc ^= byteAt(bytes, at) | (byteAt(bytes, at + 1) << 8) | (byteAt(bytes, at + 2) << 16)
    crc ^= byteAt(bytes, at + 3) << 24
    crc =
      entryAt(TABLES, 0x300 | (crc & 0xff)) ^
      entryAt(TABLES, 0x200 | ((crc >>> 8) & 0xff)) ^
      entryAt(TABLES, 0x100 | ((crc >>> 16) & 0xff)) ^
      entryAt(TABLES, crc >>> 24)
  }
  for (; at < bytes.length; at++) {
    crc = entryAt(TABLES, (crc ^ byteAt(bytes, at)) & 0xff) ^ (crc >>> 8)
  }
  return ~crc >>> 0
}

// Two functions and not one: an engine compiles each for the one kind of array that it sees.

function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0
}

function entryAt(tables: Int32Array, at: number): number {
  return tables[at] ?? 0
}

function makeTables(): Int32Array {
  const tables = new Int32Array(4 * 256)
  for (let byte = 0; byte < 256; byte++) {
    let value = byte
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1
    tables[byte] = value
  }
  for (let at = 256; at < tables.length; at++) {
    const before = entryAt(tables, at - 256)
    tables[at] = entryAt(tables, before & 0xff) ^ (before >>> 8)
  }
  return tables
}
