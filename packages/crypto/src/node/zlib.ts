/** zlib streams (RFC 1950), as status lists carry them. Both ways run off the event loop. */
import { constants, deflate as deflateStream, inflate as inflateStream } from 'node:zlib'
import { CryptoError } from './error.ts'

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
      const opened = findResult(result)
      // The engine stops at the end of the stream and does not mind what follows it.
      if (opened?.engine.bytesWritten !== zlib.length) return reject(malformed('bytes follow its end'))
      resolve(new Uint8Array(opened.buffer))
    })
  })
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

function findResult(result: unknown): WithEngine | undefined {
  const isOne = typeof result === 'object' && result !== null && 'buffer' in result && 'engine' in result
  return isOne ? (result as WithEngine) : undefined
}

function refusalOf(error: NodeJS.ErrnoException): CryptoError {
  if (error.code === 'ERR_BUFFER_TOO_LARGE') {
    return new CryptoError('inflate_too_large', 'The zlib stream holds more than is allowed here', {
      cause: error,
    })
  }
  return malformed('it is damaged, cut short, or of another format', error)
}

function malformed(why: string, cause?: unknown): CryptoError {
  return new CryptoError('zlib_malformed', `Not a zlib stream that can be opened: ${why}`, { cause })
}
