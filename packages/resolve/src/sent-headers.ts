import {
  ATTESTATION_PROOF_HEADER,
  CLIENT_ATTESTATION_HEADER,
} from '@facet-id/protocol/oauth/client-attestation'
import { DPOP_HEADER } from '@facet-id/protocol/oauth/dpop'
import type { WireRequest } from '@facet-id/protocol/wire'

/**
 * What a message needs. All else would tell who asks, or what with. Languages are told where a role says so: it does
 * to issuers alone, whose displays the person reads (OpenID4VCI §12.2.2).
 */
const sentHeaders: readonly string[] = [
  'accept',
  'accept-language',
  'authorization',
  'content-type',
  DPOP_HEADER,
  CLIENT_ATTESTATION_HEADER,
  ATTESTATION_PROOF_HEADER,
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
