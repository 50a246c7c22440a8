/** What the DID of a node is to be, from the address at which the world reaches it. */
import type { DidWish } from '@facet-id/veramo'

/** The methods that a node may have a DID of: others cannot be found, or are for two. */
export type NodeDidMethod = 'jwk' | 'key' | 'web' | 'webvh'

/**
 * @param url of the node, no slash at the end
 * @param port where it listens: a DID names no IP address, so on this machine it is `localhost` with that port
 */
export function wishFor(method: NodeDidMethod, url: string, port: number): DidWish {
  if (method === 'jwk' || method === 'key') return { method }
  const { protocol, host, pathname } = new URL(url)
  const path = pathname.split('/').filter((part) => part !== '')
  const domain = protocol === 'http:' ? `localhost:${port}` : host
  return { method, domain, ...(path.length === 0 ? {} : { path }) }
}
