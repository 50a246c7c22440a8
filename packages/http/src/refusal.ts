/** What is answered to a request that does not get as far as the role. */
import type { WireResponse } from '@facet-id/protocol/wire'

/** Codes in the body's `error`; where OAuth has a name for it, it is that one (RFC 6749 §4.1.2.1, §5.2). */
export type RefusalCode =
  | 'invalid_request'
  | 'method_not_allowed'
  | 'request_timeout'
  | 'request_too_large'
  | 'encoding_unsupported'
  | 'headers_too_large'
  | 'temporarily_unavailable'
  | 'server_error'

const refusals: Record<RefusalCode, { readonly status: number; readonly text: string }> = {
  invalid_request: {
    status: 400,
    text: 'The request cannot be read: send plain HTTP/1.1, its body in UTF-8',
  },
  method_not_allowed: { status: 405, text: 'Only GET, POST and OPTIONS are answered here' },
  request_timeout: { status: 408, text: 'The request did not arrive in time: send it again, and faster' },
  request_too_large: { status: 413, text: 'The body is larger than is read here' },
  encoding_unsupported: { status: 415, text: 'Compressed bodies are not read: send the body as it is' },
  headers_too_large: { status: 431, text: 'There are more headers, or longer ones, than are read here' },
  temporarily_unavailable: {
    status: 503,
    text: 'More large bodies arrive than are held at a time: send it again later',
  },
  server_error: { status: 500, text: 'The request could not be answered, and it is not known why' },
}

export function refusalOf(code: RefusalCode): WireResponse {
  const { status, text } = refusals[code]
  return {
    status,
    headers: {
      'content-type': 'application/json',
      'cache-control': 'no-store',
      ...(code === 'method_not_allowed' ? { allow: 'GET, POST, OPTIONS' } : {}),
    },
    body: JSON.stringify({ error: code, error_description: text }),
  }
}
