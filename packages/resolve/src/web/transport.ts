/**
 * The one way out of a page. A browser looks names up by itself and says nothing of what it found, so addresses are
 * checked as far as they are written in the URL, and no further: what a name resolves to cannot be seen here. What
 * stands in a page's place for that check is the browser's own (Private Network Access, CORS).
 */
import { ProtocolError } from '@facet-id/protocol/error'
import type { Transport, WireRequest } from '@facet-id/protocol/wire'
import { readTarget, type TransportMode } from '../address/target.ts'
import type { BytesResponse, BytesTransport } from '../bytes-transport.ts'
import { sentHeadersOf } from '../sent-headers.ts'

export interface WebTransportOptions {
  /** That of the page: `(url, init) => window.fetch(url, init)`. */
  readonly fetch: WebFetch
  /** `development` adds this machine itself, and plain http to it. */
  readonly mode: TransportMode
  /** Bytes of an answer's body, after the browser decompressed it; 1 MiB. */
  readonly maxResponseBytes?: number
  /** Milliseconds for all of it; 10,000. */
  readonly totalTimeoutMs?: number
}

/** `fetch`, as far as it is used. */
export type WebFetch = (url: string, init: WebFetchInit) => Promise<Response>

export interface WebFetchInit {
  readonly method: string
  readonly headers: Record<string, string>
  readonly body?: string
  readonly credentials: 'omit'
  readonly redirect: 'error'
  readonly referrerPolicy: 'no-referrer'
  readonly cache: 'no-store'
  readonly signal: AbortSignal
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * A transport over the `fetch` of a page: without cookies, without a referrer, and without redirects, which a page
 * cannot look at and which therefore fail. `send` rejects with a `ProtocolError` as `Transport` says.
 */
export function webTransport(options: WebTransportOptions): Transport & BytesTransport {
  const { fetch, mode, maxResponseBytes = 1_048_576, totalTimeoutMs = 10_000 } = options

  const exchange = async (request: WireRequest, url: URL, signal: AbortSignal): Promise<BytesResponse> => {
    const answer = await fetch(url.href, {
      method: request.method,
      headers: sentHeadersOf(request),
      ...(request.body === undefined ? {} : { body: request.body }),
      credentials: 'omit',
      redirect: 'error',
      referrerPolicy: 'no-referrer',
      cache: 'no-store',
      signal,
    })
    if (answer.redirected) throw unreachable('it redirects')
    const { status, headers } = answer
    const body = await readBody(answer, maxResponseBytes)
    return {
      status,
      headers: Object.fromEntries([...headers].filter(([name]) => name !== 'set-cookie')),
      body,
    }
  }

  const call = async (request: WireRequest): Promise<BytesResponse> => {
    const url = readTarget(request.url, mode)
    const patience = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    // What does not listen to the signal is given up too.
    const timeUp = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        reject(new ProtocolError('peer_timed_out', 'The peer did not answer in time: try again later'))
        patience.abort()
      }, totalTimeoutMs)
    })
    try {
      return await Promise.race([exchange(request, url, patience.signal), timeUp])
    } catch (error) {
      patience.abort()
      throw error instanceof Error && error.name === 'ProtocolError'
        ? error
        : unreachable('nothing came', error)
    } finally {
      clearTimeout(timer)
    }
  }
  return {
    async send(request) {
      const { status, headers, body } = await call(request)
      return { status, headers, body: readText(body) }
    },
    fetchBytes: ({ url, accept }) => call({ method: 'GET', url, headers: { accept } }),
  }
}

async function readBody(answer: Response, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = answer.body?.getReader()
  for (let piece = await reader?.read(); piece?.done === false; piece = await reader?.read()) {
    size += piece.value.length
    if (size > maxBytes) {
      await reader?.cancel()
      throw new ProtocolError('response_too_large', 'The answer is larger than is read here')
    }
    chunks.push(piece.value)
  }
  return joined(chunks, size)
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}

function readText(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch (cause) {
    throw new ProtocolError('message_malformed', 'The body of the answer is no UTF-8', { cause })
  }
}

function unreachable(why: string, cause?: unknown): ProtocolError {
  return new ProtocolError('peer_unreachable', `The peer could not be reached: ${why}`, { cause })
}
