/** An HTTP answer within bounds: its bytes, and the envelope that roles take. */
import type { IncomingMessage } from 'node:http'
import { ProtocolError } from '@facet-id/protocol/error'
import type { WireResponse } from '@facet-id/protocol/wire'
import type { BytesResponse } from '../bytes-transport.ts'

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * Reads an answer. The caller drops the connection when this rejects: what is left is not read.
 *
 * @param maxBytes of the body, as it comes
 * @throws {ProtocolError} `response_too_large`; `message_malformed` for a compressed body
 */
export async function readAnswer(answer: IncomingMessage, maxBytes: number): Promise<BytesResponse> {
  const headers = readHeaders(answer.rawHeaders)
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding.toLowerCase() !== 'identity') {
    throw new ProtocolError('message_malformed', 'The answer is compressed, though that was not asked for')
  }
  if (Number(headers['content-length'] ?? 0) > maxBytes) throw tooLarge()
  const chunks: Uint8Array[] = []
  let size = 0
  const stream: AsyncIterable<Uint8Array> = answer
  for await (const chunk of stream) {
    size += chunk.length
    if (size > maxBytes) throw tooLarge()
    chunks.push(chunk)
  }
  return { status: answer.statusCode ?? 0, headers, body: Buffer.concat(chunks) }
}

/** @throws {ProtocolError} `message_malformed` for a body that is no UTF-8 */
export function textAnswer({ status, headers, body }: BytesResponse): WireResponse {
  return { status, headers, body: readText(body) }
}

/** Cookies are not even handed on: a peer that sets one wants to know us again. */
function readHeaders(raw: readonly string[]): WireResponse['headers'] {
  const headers = new Map<string, string>()
  for (let i = 0; i < raw.length; i += 2) {
    const name = (raw[i] ?? '').toLowerCase()
    const value = raw[i + 1] ?? ''
    const before = headers.get(name)
    if (name !== 'set-cookie') headers.set(name, before === undefined ? value : `${before}, ${value}`)
  }
  return Object.fromEntries(headers)
}

function readText(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch (cause) {
    throw new ProtocolError('message_malformed', 'The body of the answer is no UTF-8', { cause })
  }
}

function tooLarge(): ProtocolError {
  return new ProtocolError('response_too_large', 'The answer is larger than is read here')
}
