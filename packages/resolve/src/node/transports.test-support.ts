/** A transport under test, in development mode because its peers are on this machine. */
import type { WireRequest } from '@facet-id/protocol/wire'
import { outcomeOf } from '@facet-id/testkit'
import { afterEach } from 'vitest'
import { barePeer } from './peer.test-support.ts'
import { type SafeTransport, safeTransport, type TransportOptions } from './transport.ts'

const open: SafeTransport[] = []
afterEach(() => {
  for (const transport of open.splice(0)) transport.close()
})

/** It is closed when the test ends. */
export function openTransport(options: Partial<TransportOptions> = {}): SafeTransport {
  const transport = safeTransport({ mode: 'development', ...options })
  open.push(transport)
  return transport
}

/** A GET with these headers. */
export const get = (url: string, headers: WireRequest['headers'] = {}): WireRequest => ({
  method: 'GET',
  url,
  headers,
})

/** What becomes of a GET to a peer that says that, once it has been asked. */
export async function outcomeOfSaying(
  text: string | Uint8Array,
  limits: TransportOptions['limits'] = {},
): Promise<string> {
  const peer = await barePeer((socket) => {
    socket.once('data', () => socket.end(text))
  })
  return outcomeOf(() => openTransport({ limits }).send(get(peer.url)))
}
