/** An answer of a role as an HTTP response, with what every answer says besides. */
import type { ServerResponse } from 'node:http'
import type { WireResponse } from '@facet-id/protocol/wire'
import { corsHeaders } from './cors.ts'

/** Said unless the role says otherwise: what is answered here is data, and never a page with scripts. */
const standing: WireResponse['headers'] = {
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
}

/** The connection is for the server to run, and who made the server is nobody's business. */
const ofTheServer = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'server',
  'transfer-encoding',
  'upgrade',
  'x-powered-by',
])

/** The answer with the headers that every answer has. */
export function completeAnswer(answer: WireResponse, cors: boolean): WireResponse {
  const own = Object.entries(answer.headers).filter(([name]) => !ofTheServer.has(name.toLowerCase()))
  return {
    ...answer,
    headers: {
      ...standing,
      ...(cors && !isApart(answer) ? corsHeaders : {}),
      ...Object.fromEntries(own),
      'x-content-type-options': 'nosniff',
    },
  }
}

/** What a role keeps to its own origin (Fetch Standard) is for no page of others, whatever may read the rest. */
function isApart({ headers }: WireResponse): boolean {
  return headers['cross-origin-resource-policy'] === 'same-origin'
}

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
