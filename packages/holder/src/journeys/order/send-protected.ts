/** Sends a request with the access token of a grant. */
import type { MaybePromise } from '@facet-id/credential/jose'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import type { Holding } from '../../holding.ts'
import type { Grant } from '../../issuance/grant-store.ts'

export async function sendProtected(
  make: (accessToken: string) => MaybePromise<WireRequest>,
  grant: Grant,
  { ports }: Holding,
): Promise<WireResponse> {
  return ports.transport.send(await make(grant.accessToken))
}
