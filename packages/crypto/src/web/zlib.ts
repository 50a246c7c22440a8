/** zlib streams (RFC 1950) by the platform's own streams. */
import { malformed, tooLarge } from '../zlib-refusal.ts'

/** The format that the platform calls `deflate` is zlib, with its header and checksum. */
const ZLIB = 'deflate'
/** So many bytes go in at once, so that a bomb is met piece by piece: each can grow a thousandfold. */
const PIECE_BYTES = 1024

/**
 * Opens a zlib stream. Reading stops as soon as more than `maxBytes` came out, and the rest is never fed.
 * Raw deflate, gzip, preset dictionaries and bytes behind the end are refused. Fits the port `Inflate`.
 *
 * @param maxBytes at least 1
 * @throws {CryptoError} `zlib_malformed`; `inflate_too_large`
 */
export async function inflate(zlib: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  const opened = await pipe(new DecompressionStream(ZLIB), zlib, maxBytes)
  if (opened.outcome === 'too_large') throw tooLarge()
  if (opened.outcome === 'failed') {
    throw malformed('it is damaged, cut short, or of another format', opened.error)
  }
  return opened.bytes
}

/** Compresses into a zlib stream, at the level that the platform has. Fits the port `Deflate`. */
export async function deflate(bytes: Uint8Array): Promise<Uint8Array> {
  const compressed = await pipe(new CompressionStream(ZLIB), bytes, Number.MAX_SAFE_INTEGER)
  if (compressed.outcome === 'done') return compressed.bytes
  throw new Error('The platform cannot compress', { cause: compressed })
}

type Piped =
  | { readonly outcome: 'done'; readonly bytes: Uint8Array }
  | { readonly outcome: 'too_large' }
  | { readonly outcome: 'failed'; readonly error: unknown }

async function pipe(
  { readable, writable }: Pick<DecompressionStream, 'readable' | 'writable'>,
  input: Uint8Array,
  maxBytes: number,
): Promise<Piped> {
  const writer = writable.getWriter()
  const reader = readable.getReader()
  const fed = feed(writer, input)
  // Where feeding fails, reading fails as well, and tells; this only says that somebody listens.
  fed.catch(() => undefined)
  const pieces: Uint8Array[] = []
  let total = 0
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      const piece: Uint8Array = read.value
      total += piece.length
      if (total > maxBytes) {
        // What was not fed never is; both ends fail for having been given up, which is no news.
        await Promise.allSettled([reader.cancel(), writer.abort(), fed])
        return { outcome: 'too_large' }
      }
      pieces.push(piece)
    }
    await fed
    return { outcome: 'done', bytes: joined(pieces, total) }
  } catch (error) {
    await Promise.allSettled([fed])
    return { outcome: 'failed', error }
  }
}

async function feed(writer: ReturnType<WritableStream['getWriter']>, input: Uint8Array): Promise<void> {
  for (let at = 0; at < input.length; at += PIECE_BYTES) {
    await writer.write(input.subarray(at, at + PIECE_BYTES))
  }
  await writer.close()
}

function joined(pieces: readonly Uint8Array[], total: number): Uint8Array {
  const bytes = new Uint8Array(total)
  let at = 0
  for (const piece of pieces) {
    bytes.set(piece, at)
    at += piece.length
  }
  return bytes
}
