import type { WireRequest } from '@facet-id/protocol/wire'

/** What a message needs, and whoever proves a key with it. All else would tell who asks, or what with. */
const sentHeaders = [
  'accept',
  'authorization',
  'content-type',
  // RFC 9449 §4.1; Attestation-Based Client Authentication §7.1.
  'dpop',
  'oauth-client-attestation',
  'oauth-client-attestation-pop',
  // Of the operator's own webhook.
  'facet-signature',
  'idempotency-key',
]

/** The headers of a request that leave this machine. */
export function sentHeadersOf({ headers }: WireRequest): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => sentHeaders.includes(name.toLowerCase())),
  )
}
