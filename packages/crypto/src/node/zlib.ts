/** zlib streams (RFC 1950), as status lists carry them. Both ways run off the event loop, unless told. */
import {
  constants,
  deflate as deflateStream,
  inflateSync as inflateAtOnce,
  inflate as inflateStream,
} from 'node:zlib'
import type { CryptoError } from '../error.ts'
import { malformed, tooLarge } from '../zlib-refusal.ts'

/**
 * Opens a zlib stream. The engine works in pieces of 16 KiB and stops as soon as more than `maxBytes`
 * came out, so a bomb costs no more than that. Raw deflate, gzip and preset dictionaries are refused.
 * Fits the port `Inflate`.
 *
 * @param maxBytes at least 1
 * @throws {CryptoError} `zlib_malformed`; `inflate_too_large`
 */
export function inflate(zlib: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    inflateStream(zlib, { info: true, maxOutputLength: maxBytes }, (error, result) => {
      if (error !== null) return reject(refusalOf(error))
      try {
        resolve(wholeOf(result, zlib))
      } catch (refusal) {
        reject(refusal)
      }
    })
  })
}

/** {@link inflate} on the calling thread: for lists of some kilobytes, where a turn of the loop costs more. */
export function inflateSync(zlib: Uint8Array, maxBytes: number): Uint8Array {
  let result: unknown
  try {
    result = inflateAtOnce(zlib, { info: true, maxOutputLength: maxBytes })
  } catch (error) {
    throw refusalOf(error)
  }
  return wholeOf(result, zlib)
}

/** Compresses into a zlib stream at the highest level. Fits the port `Deflate`. */
export function deflate(bytes: Uint8Array): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    deflateStream(bytes, { level: constants.Z_BEST_COMPRESSION }, (error, compressed) => {
      if (error === null) resolve(new Uint8Array(compressed))
      else reject(error)
    })
  })
}

/** What node:zlib yields when asked with `info`, which its types do not say. */
interface WithEngine {
  readonly buffer: Uint8Array
  /** `bytesWritten`: of the input, how many bytes the engine took. */
  readonly engine: { readonly bytesWritten: number }
}

/** The engine stops at the end of the stream and does not mind what follows it. */
function wholeOf(result: unknown, zlib: Uint8Array): Uint8Array {
  const opened = findResult(result)
  if (opened?.engine.bytesWritten !== zlib.length) throw malformed('bytes follow its end')
  return new Uint8Array(opened.buffer)
}

function findResult(result: unknown): WithEngine | undefined {
  const isOne = typeof result === 'object' && result !== null && 'buffer' in result && 'engine' in result
  return isOne ? (result as WithEngine) : undefined
}

function refusalOf(error: unknown): CryptoError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code === 'ERR_BUFFER_TOO_LARGE') return tooLarge(error)
  return malformed('it is damaged, cut short, or of another format', error)
}
