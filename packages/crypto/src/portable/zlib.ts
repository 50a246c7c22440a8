/** zlib streams (RFC 1950) in plain JavaScript (`pako`), at once. */
import {
  deflate as deflateAll,
  Z_NO_FLUSH,
  Z_OK,
  Z_STREAM_END,
  ZStream,
  zlibInflate,
  zlibInflateInit2,
} from 'pako'
import { malformed, tooLarge } from '../zlib-refusal.ts'

/** The largest window that RFC 1950 has; given so, gzip and raw deflate are not taken for zlib. */
const WINDOW_BITS = 15
const PIECE_BYTES = 2 ** 15

/**
 * Opens a zlib stream. Works in pieces of 32 KiB and stops as soon as more than `maxBytes` came out, so a
 * bomb costs no more than that. Raw deflate, gzip, preset dictionaries, a wrong checksum and bytes behind the
 * end are refused. Fits the port `Inflate`.
 *
 * @param maxBytes at least 1
 * @throws {CryptoError} `zlib_malformed`; `inflate_too_large`
 */
export function inflate(zlib: Uint8Array, maxBytes: number): Uint8Array {
  const stream = new ZStream()
  if (zlibInflateInit2(stream, WINDOW_BITS) !== Z_OK) throw malformed('the engine did not start')
  stream.input = zlib
  stream.next_in = 0
  stream.avail_in = zlib.length
  const pieces: Uint8Array[] = []
  for (let total = 0, status: number = Z_OK; status !== Z_STREAM_END; ) {
    const piece = new Uint8Array(PIECE_BYTES)
    stream.output = piece
    stream.next_out = 0
    stream.avail_out = piece.length
    status = zlibInflate(stream, Z_NO_FLUSH)
    if (status !== Z_OK && status !== Z_STREAM_END) {
      throw malformed('it is damaged, cut short, or of another format')
    }
    total += stream.next_out
    if (total > maxBytes) throw tooLarge()
    pieces.push(piece.subarray(0, stream.next_out))
    // The engine has taken all there is, and wants more of what nobody has.
    if (status === Z_OK && stream.avail_in === 0 && stream.avail_out > 0) throw malformed('it is cut short')
  }
  if (stream.avail_in > 0) throw malformed('bytes follow its end')
  return joined(pieces)
}

/** Compresses into a zlib stream at the highest level. Fits the port `Deflate`. */
export function deflate(bytes: Uint8Array): Uint8Array {
  return deflateAll(bytes, { level: 9 })
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((total, { length }) => total + length, 0))
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes
}
