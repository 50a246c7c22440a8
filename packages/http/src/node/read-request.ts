/**
 * An HTTP request as the envelope that roles take. What two programs could read in two ways is not
 * read at all.
 */
import type { IncomingMessage } from 'node:http'
import type { WireRequest } from '@facet-id/protocol/wire'
import type { BodyShare } from '../body-budget.ts'
import type { ServeLimits } from '../limits.ts'
import type { RefusalCode } from '../refusal.ts'

export type Reading =
  | { readonly request: WireRequest }
  | { readonly refused: RefusalCode }
  /** The peer went away before its request was whole: there is nobody to answer. */
  | { readonly gone: true }

/** A path and query, without what a browser would resolve or leave out. */
const targetForm = /^\/[!-~]*$/
const notInTarget = /[#\\]/

/** Two of these are two meanings; of all others two are one list (RFC 9110 §5.3). */
const singular = new Set([
  'authorization',
  'content-encoding',
  'content-length',
  'content-type',
  'host',
  'origin',
])

/** Of a body that is refused this much more is thrown away, so that the peer gets to read why. */
const discardedBytes = 8 * 1_048_576

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Reads a request and its body, within bounds. Never throws or rejects.
 *
 * @param origin what absolute URLs begin with; what the request says in `Host` is not believed
 * @param share what the body takes of the memory for bodies; the caller releases it
 */
export async function readWireRequest(
  request: IncomingMessage,
  { origin, limits, share }: { origin: string; limits: ServeLimits; share: BodyShare },
): Promise<Reading> {
  const head = readHead(request, limits)
  const bytes = await readBytes(request, 'refused' in head ? 0 : limits.maxBodyBytes, share)
  if (bytes === 'gone') return { gone: true }
  if ('refused' in head) return head
  if (bytes === 'too_large') return { refused: 'request_too_large' }
  if (bytes === 'too_many') return { refused: 'temporarily_unavailable' }
  const { method, target, headers } = head
  const wire = { method, url: `${origin}${target}`, headers }
  if (bytes.length === 0) return { request: wire }
  const body = method === 'POST' ? readText(bytes) : undefined
  return body === undefined ? { refused: 'invalid_request' } : { request: { ...wire, body } }
}

interface Head {
  readonly method: WireRequest['method']
  readonly target: string
  readonly headers: WireRequest['headers']
}

function readHead(
  request: IncomingMessage,
  { maxHeaders }: ServeLimits,
): Head | { readonly refused: RefusalCode } {
  const { method, url: target = '', rawHeaders, httpVersion } = request
  if (method !== 'GET' && method !== 'POST' && method !== 'OPTIONS') return { refused: 'method_not_allowed' }
  if (rawHeaders.length / 2 > maxHeaders) return { refused: 'headers_too_large' }
  const headers = readHeaders(rawHeaders)
  if (headers === undefined || !targetForm.test(target) || notInTarget.test(target)) {
    return { refused: 'invalid_request' }
  }
  // RFC 9110 §7.2: "A server MUST respond with a 400 … to any HTTP/1.1 request message that lacks a Host".
  const { host, 'content-encoding': encoding } = headers
  if (host === undefined && httpVersion === '1.1') return { refused: 'invalid_request' }
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity')
    return { refused: 'encoding_unsupported' }
  return { method, target, headers }
}

/** `undefined` when one that can only be there once is there twice. */
function readHeaders(raw: readonly string[]): WireRequest['headers'] | undefined {
  const headers = new Map<string, string>()
  for (let i = 0; i < raw.length; i += 2) {
    const name = (raw[i] ?? '').toLowerCase()
    const value = raw[i + 1] ?? ''
    const before = headers.get(name)
    if (before !== undefined && singular.has(name)) return undefined
    headers.set(name, before === undefined ? value : `${before}, ${value}`)
  }
  return Object.fromEntries(headers)
}

/** By its events, which cost a third of what iterating over it does. */
function readBytes(
  request: IncomingMessage,
  max: number,
  share: BodyShare,
): Promise<Uint8Array | 'too_large' | 'too_many' | 'gone'> {
  return new Promise((resolve) => {
    if (Number(request.headers['content-length'] ?? 0) > max + discardedBytes) {
      resolve('too_large')
      return
    }
    const chunks: Uint8Array[] = []
    let size = 0
    let isHeld = true
    const take = (chunk: Uint8Array): void => {
      size += chunk.length
      isHeld &&= size <= max && share.mayHold(size)
      if (isHeld) chunks.push(chunk)
      else dropAll(chunks, share)
      if (size <= max + discardedBytes) return
      request.off('data', take).pause()
      resolve('too_large')
    }
    request.on('data', take)
    request.once('end', () => {
      if (size > max) resolve('too_large')
      else resolve(isHeld ? joined(chunks) : 'too_many')
    })
    // After its end that is no news any more.
    request.once('error', () => resolve('gone'))
    request.once('close', () => resolve('gone'))
  })
}

function joined(chunks: readonly Uint8Array[]): Uint8Array {
  const [only, ...others] = chunks
  return only !== undefined && others.length === 0 ? only : Buffer.concat(chunks)
}

function dropAll(chunks: Uint8Array[], share: BodyShare): void {
  chunks.length = 0
  share.release()
}

function readText(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}
