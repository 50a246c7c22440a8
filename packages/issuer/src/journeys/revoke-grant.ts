/** Ends a grant: none of its tokens is worth anything from the moment on when this returns. RFC 7009 §2.1. */
import { revokeGranted } from '../authorization/access-store.ts'
import { endGrant } from '../authorization/flow/grant-store.ts'
import type { Issuing } from '../issuing.ts'

/** Doing it again, or with a grant that is over, changes nothing. Credentials that were issued on it stay good. */
export async function revokeGrant(grantId: string, { ports, settings }: Issuing): Promise<void> {
  const { refreshLifetime, codeLifetime } = settings.authorization
  // As long as any token of it could have lived, and what was written meanwhile on another node.
  const until = ports.now() + Math.max(refreshLifetime, settings.tokenLifetime) + codeLifetime
  await ports.store.commit([revokeGranted(grantId, until), endGrant(grantId)])
}
