/**
 * Status lists: published when something was revoked, and again when a list grows older than its
 * `ttl` or is signed in another name than the issuer now has; served to anybody, without asking who. Token Status List §8.1.
 */
import { writeStatusListResponse } from '@facet-id/protocol/token-status-list'
import type { WireResponse } from '@facet-id/protocol/wire'
import { IssuerError } from '../error.ts'
import { knownByOfList, signerFor } from '../issuance/known-by.ts'
import type { Issuing } from '../issuing.ts'
import { draftStatusList } from '../status/status-lists.ts'
import { findPublished, isListOpen } from '../status/status-store.ts'

export async function answerStatusList(list: number, issuing: Issuing): Promise<WireResponse> {
  const { ports, settings, publisher } = issuing
  if (!(await isListOpen(ports.store, list)))
    throw new IssuerError('endpoint_unknown', 'There is no status list of that number')
  const standing = await findPublished(ports.store, list)
  const fresh =
    standing !== undefined &&
    ports.now() - standing.published.issuedAt < settings.statusList.ttl &&
    isInOurName(standing.published.token, list, issuing)
  const { token } = fresh ? standing.published : await publisher.publish(list)
  return writeStatusListResponse(token, settings.statusList.ttl)
}

/** A key, or a certificate, that was replaced may be one that nobody takes any more. */
function isInOurName(token: string, list: number, { ports, settings }: Issuing): boolean {
  const signer = signerFor(knownByOfList(list, settings), ports)
  const ours = draftStatusList(list, new Uint8Array(), { settings, now: ports.now(), signer })
  return headerOf(token) === headerOf(ours)
}

function headerOf(jwt: string): string {
  return jwt.slice(0, jwt.indexOf('.'))
}
