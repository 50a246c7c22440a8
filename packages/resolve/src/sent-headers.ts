import type { WireRequest } from '@facet-id/protocol/wire'

/** What a message needs. All else would tell who asks, or what with. */
const sentHeaders = ['accept', 'authorization', 'content-type']

/** The headers of a request that leave this machine. */
export function sentHeadersOf({ headers }: WireRequest): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => sentHeaders.includes(name.toLowerCase())),
  )
}
