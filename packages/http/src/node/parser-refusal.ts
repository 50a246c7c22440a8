/** What is answered where Node read no request. */
import { STATUS_CODES } from 'node:http'
import type { WireResponse } from '@facet-id/protocol/wire'
import type { RefusalCode } from '../refusal.ts'

/** What the parser stumbled over, by the code of its error. */
export function refusalOfParser(code: string | undefined): RefusalCode {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'request_timeout'
  return code === 'HPE_HEADER_OVERFLOW' ? 'headers_too_large' : 'invalid_request'
}

/** An answer as bytes on the wire, for a connection on which there is no request to answer yet. */
export function writeLastAnswer({ status, headers, body }: WireResponse): string {
  const all = { ...headers, 'content-length': String(Buffer.byteLength(body)), connection: 'close' }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('')}\r\n${body}`
}
