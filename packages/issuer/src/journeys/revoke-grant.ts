/** Ends a grant: none of its tokens is worth anything from the moment on when this returns. RFC 7009 §2.1. */

import type { Op } from '@facet-id/store'
import { accessEnds, revokeGranted } from '../authorization/access-store.ts'
import { endGrant } from '../authorization/flow/grant-store.ts'
import { longestTokenLifetime } from '../authorization/minting.ts'
import type { Issuing } from '../issuing.ts'

/** Doing it again, or with a grant that is over, changes nothing. Credentials that were issued on it stay good. */
export async function revokeGrant(grantId: string, issuing: Issuing): Promise<void> {
  await issuing.ports.store.commit(await endingGrant(grantId, issuing))
}

/** For whoever ends more than the grant in one commit. */
export async function endingGrant(grantId: string, { ports, settings }: Issuing): Promise<readonly Op[]> {
  const { refreshLifetime, codeLifetime } = settings.authorization
  const now = ports.now()
  // As long as any token of it could have lived, and what was written meanwhile on another node.
  const ours = now + Math.max(refreshLifetime, longestTokenLifetime(settings))
  // Another server's token lives as long as that server says, and what stands for it is called as the token is.
  const foreign = (await accessEnds(ports.store, grantId)) ?? 0
  return [revokeGranted(grantId, Math.max(ours, foreign) + codeLifetime), endGrant(grantId)]
}
