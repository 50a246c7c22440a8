/**
 * Status lists: published when something was revoked, and again when a list grows older than its
 * `ttl`; served to anybody, without asking who. Token Status List §8.1.
 */
import { writeStatusListResponse } from '@facet-id/protocol/token-status-list'
import type { WireResponse } from '@facet-id/protocol/wire'
import { IssuerError } from '../error.ts'
import type { Issuing } from '../issuing.ts'
import { findPublished, isListOpen } from '../status/status-store.ts'

export async function answerStatusList(list: number, issuing: Issuing): Promise<WireResponse> {
  const { ports, settings, publisher } = issuing
  if (!(await isListOpen(ports.store, list)))
    throw new IssuerError('endpoint_unknown', 'There is no status list of that number')
  const standing = await findPublished(ports.store, list)
  const fresh = standing !== undefined && ports.now() - standing.published.issuedAt < settings.statusList.ttl
  const { token } = fresh ? standing.published : await publisher.publish(list)
  return writeStatusListResponse(token, settings.statusList.ttl)
}
