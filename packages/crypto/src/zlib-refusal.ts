/** How a zlib stream is refused, the same for every implementation. */
import { CryptoError } from './error.ts'

export function tooLarge(cause?: unknown): CryptoError {
  return new CryptoError('inflate_too_large', 'The zlib stream holds more than is allowed here', { cause })
}

export function malformed(why: string, cause?: unknown): CryptoError {
  return new CryptoError('zlib_malformed', `Not a zlib stream that can be opened: ${why}`, { cause })
}
