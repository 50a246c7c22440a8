/** A request of the web as the envelope that roles take. */
import type { WireRequest } from '@facet-id/protocol/wire'
import type { RefusalCode } from '../refusal.ts'

export type WebReading = { readonly request: WireRequest } | { readonly refused: RefusalCode }

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Reads a request and its body, within bounds. Rejects only where the peer went away. */
export async function readWebRequest(
  request: Request,
  { url, maxBodyBytes }: { readonly url: string; readonly maxBodyBytes: number },
): Promise<WebReading> {
  const { method } = request
  if (method !== 'GET' && method !== 'POST' && method !== 'OPTIONS') return { refused: 'method_not_allowed' }
  const headers = Object.fromEntries(request.headers)
  if ((headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') {
    return { refused: 'encoding_unsupported' }
  }
  if (method !== 'POST') return { request: { method, url, headers } }
  const bytes = await readBytes(request, maxBodyBytes)
  if (bytes === undefined) return { refused: 'request_too_large' }
  const body = textOf(bytes)
  return body === undefined ? { refused: 'invalid_request' } : { request: { method, url, headers, body } }
}

/** `undefined` when there are too many; what comes after that is not waited for. */
async function readBytes({ body }: Request, max: number): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  const reader = body?.getReader()
  for (let next = await reader?.read(); next?.value !== undefined; next = await reader?.read()) {
    size += next.value.length
    if (size > max) {
      await reader?.cancel()
      return undefined
    }
    chunks.push(next.value)
  }
  const bytes = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes)
  } catch {
    return undefined
  }
}
