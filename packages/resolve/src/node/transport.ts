/**
 * The one way out: every document that is fetched and every message that is sent over HTTP goes
 * through here, because the addresses are chosen by strangers.
 */
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { Transport, WireRequest } from '@facet-id/protocol/wire'
import { readTarget, type TransportMode } from '../address/target.ts'
import type { BytesResponse, BytesTransport } from '../bytes-transport.ts'
import { checkedLookup, type ResolveName, systemResolver } from './checked-lookup.ts'
import { type Call, exchange, headersOf } from './exchange.ts'
import { failureOf, timedOut } from './failure.ts'
import { textAnswer } from './read-answer.ts'

export interface TransportLimits {
  /** Bytes of an answer's body; 1 MiB. */
  readonly maxResponseBytes: number
  /** Bytes of an answer's headers; 16 KiB. */
  readonly maxHeaderBytes: number
  /** Milliseconds for all of it: name, connection, headers and body; 10,000. */
  readonly totalTimeoutMs: number
  /** Connections to one host at a time; 32. Further requests wait, within their time. */
  readonly maxConnectionsPerHost: number
}

export interface TransportOptions {
  /** Must be said: there is no default for what keeps strangers out of a network. */
  readonly mode: TransportMode
  /** Those that differ from the defaults. */
  readonly limits?: Partial<TransportLimits>
  /** How names become addresses; as this machine does it when absent. Checked either way. */
  readonly resolveName?: ResolveName
  /** Certificates of authorities in PEM, in place of those that Node comes with. */
  readonly authorities?: readonly string[]
}

export interface SafeTransport extends Transport, BytesTransport {
  /** Ends the connections that are kept. What is under way fails. */
  close(): void
}

const defaults: TransportLimits = {
  maxResponseBytes: 1_048_576,
  maxHeaderBytes: 16_384,
  totalTimeoutMs: 10_000,
  maxConnectionsPerHost: 32,
}

/**
 * A transport over HTTP/1.1, to addresses that are reached from everywhere. `send` rejects with a
 * `ProtocolError` as {@link Transport} says, and with `message_malformed` for a URL that cannot be
 * read and for a body that is compressed or no UTF-8.
 */
export function safeTransport(options: TransportOptions): SafeTransport {
  const { mode, resolveName = systemResolver, authorities } = options
  const limits = { ...defaults, ...options.limits }
  const keeping = {
    keepAlive: true,
    // Shorter than the 5 s for which most servers keep a connection, so that we let go first.
    timeout: 4000,
    maxSockets: limits.maxConnectionsPerHost,
  }
  // No TLS sessions are resumed: a peer would know us again by them, whatever our address.
  const agents = { http: new HttpAgent(keeping), https: new HttpsAgent({ ...keeping, maxCachedSessions: 0 }) }

  const agentOf = ({ protocol }: URL): HttpAgent => (protocol === 'https:' ? agents.https : agents.http)

  const call = async (request: WireRequest): Promise<BytesResponse> => {
    const url = readTarget(request.url, mode)
    const patience = new AbortController()
    const timer = setTimeout(() => patience.abort(), limits.totalTimeoutMs)
    const one: Call = {
      url,
      maxBytes: limits.maxResponseBytes,
      options: {
        method: request.method,
        headers: headersOf(request),
        lookup: checkedLookup(url, mode, resolveName),
        maxHeaderSize: limits.maxHeaderBytes,
        signal: patience.signal,
        ca: authorities === undefined ? undefined : [...authorities],
        // Said, because an environment variable would switch it off.
        rejectUnauthorized: true,
      },
      ...(request.body === undefined ? {} : { body: request.body }),
    }
    try {
      return await exchange(one, agentOf(url))
    } catch (error) {
      throw patience.signal.aborted ? timedOut(error) : failureOf(error)
    } finally {
      clearTimeout(timer)
    }
  }

  const close = (): void => {
    agents.http.destroy()
    agents.https.destroy()
  }
  return {
    send: async (request) => textAnswer(await call(request)),
    fetchBytes: ({ url, accept }) => call({ method: 'GET', url, headers: { accept } }),
    close,
  }
}
