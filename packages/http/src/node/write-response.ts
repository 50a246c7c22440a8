/** An answer of a role as an HTTP response. */
import type { ServerResponse } from 'node:http'
import type { WireResponse } from '@facet-id/protocol/wire'

/**
 * Sends an answer.
 *
 * @param last whether the connection ends with it
 * @throws {TypeError} or {RangeError} of Node, before anything is sent, when a header or the status is
 * none of HTTP
 */
export function sendAnswer(response: ServerResponse, answer: WireResponse, last: boolean): void {
  if (response.destroyed || response.writableEnded) return
  const { status, headers, body } = answer
  if (!Number.isInteger(status) || status < 200 || status > 599) throw new RangeError('no final HTTP status')
  const hasBody = status !== 204 && status !== 304
  response.writeHead(status, {
    ...headers,
    ...(hasBody ? { 'content-length': Buffer.byteLength(body) } : {}),
    ...(last ? { connection: 'close' } : {}),
  })
  response.end(hasBody ? body : undefined)
}
