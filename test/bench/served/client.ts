/** HTTP as lean as Node has it, on connections that are kept: what is measured is the server, and not its client. */
import { Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request } from 'node:http'

export const JSON_BODY: OutgoingHttpHeaders = { 'content-type': 'application/json' }
export const FORM_BODY: OutgoingHttpHeaders = { 'content-type': 'application/x-www-form-urlencoded' }

/** Let go of well before the server would, so that nothing is sent to one that is just closing. */
const IDLE_MS = 2000

export interface Client {
  /** The body of an answer with status 200. */
  get(url: string): Promise<string>
  post(url: string, headers: OutgoingHttpHeaders, body?: string): Promise<string>
  /** One header of an answer with status 200; empty where it has none of that name. */
  header(url: string, name: string): Promise<string>
  close(): void
}

export function createClient(): Client {
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 256, timeout: IDLE_MS })

  function send(
    url: string,
    { method, headers, body = '' }: { method: string; headers: OutgoingHttpHeaders; body?: string },
    take: (text: string, headers: IncomingHttpHeaders) => string = (text) => text,
  ): Promise<string> {
    return new Promise((resolve, reject) => {
      const asking = request(url, {
        agent,
        method,
        headers: { ...headers, ...(method === 'POST' ? { 'content-length': Buffer.byteLength(body) } : {}) },
      })
      asking.once('error', reject)
      asking.once('response', (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.once('error', reject)
        response.once('end', () => {
          const text = Buffer.concat(chunks).toString()
          if (response.statusCode === 200) resolve(take(text, response.headers))
          else reject(new Error(`${method} ${new URL(url).pathname}: ${response.statusCode} ${text}`))
        })
      })
      asking.end(body)
    })
  }

  return {
    get: (url) => send(url, { method: 'GET', headers: {} }),
    post: (url, headers, body = '') => send(url, { method: 'POST', headers, body }),
    header: (url, name) =>
      send(url, { method: 'GET', headers: {} }, (_, headers) => String(headers[name] ?? '')),
    close: () => agent.destroy(),
  }
}
