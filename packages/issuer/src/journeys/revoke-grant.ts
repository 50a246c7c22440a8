/** Ends a grant: none of its tokens is worth anything from the moment on when this returns. RFC 7009 §2.1. */

import type { Op } from '@facet-id/store'
import { revokeGranted } from '../authorization/access-store.ts'
import { endGrant } from '../authorization/flow/grant-store.ts'
import { longestTokenLifetime } from '../authorization/minting.ts'
import type { Issuing } from '../issuing.ts'

/** Doing it again, or with a grant that is over, changes nothing. Credentials that were issued on it stay good. */
export async function revokeGrant(grantId: string, issuing: Issuing): Promise<void> {
  await issuing.ports.store.commit(endingGrant(grantId, issuing))
}

/** For whoever ends more than the grant in one commit. */
export function endingGrant(grantId: string, { ports, settings }: Issuing): readonly Op[] {
  const { refreshLifetime, codeLifetime } = settings.authorization
  // As long as any token of it could have lived, and what was written meanwhile on another node.
  const until = ports.now() + Math.max(refreshLifetime, longestTokenLifetime(settings)) + codeLifetime
  return [revokeGranted(grantId, until), endGrant(grantId)]
}
