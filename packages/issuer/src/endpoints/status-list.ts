/**
 * Status lists: published when something was revoked, and again when a list grows older than its
 * `ttl`; served to anybody, without asking who. Token Status List §8.1.
 */
import { utf8 } from '@facet-id/credential/base64url'
import { writeJws } from '@facet-id/credential/jose'
import { writeStatusListResponse } from '@facet-id/protocol/token-status-list'
import type { WireResponse } from '@facet-id/protocol/wire'
import { IssuerError } from '../error.ts'
import type { Issuing } from '../issuing.ts'
import { draftStatusList, statusBits } from '../status-lists.ts'
import { findPublished, isListOpen, type PublishedList, publishList, revokedIn } from '../status-store.ts'

/** A publisher that loses this often against others is told so. */
const PUBLISH_TRIES = 20

export async function answerStatusList(list: number, issuing: Issuing): Promise<WireResponse> {
  const { ports, settings } = issuing
  if (!(await isListOpen(ports.store, list)))
    throw new IssuerError('endpoint_unknown', 'There is no status list of that number')
  const standing = await findPublished(ports.store, list)
  const fresh = standing !== undefined && ports.now() - standing.published.issuedAt < settings.statusList.ttl
  const { token } = fresh ? standing.published : await publish(list, issuing)
  return writeStatusListResponse(token, settings.statusList.ttl)
}

/**
 * Signs the list as it stands now. A revocation that was committed before this call is in it.
 *
 * @throws {IssuerError} `state_contended`
 */
export async function publish(list: number, issuing: Issuing): Promise<PublishedList> {
  const { ports, settings } = issuing
  for (let tries = 0; tries < PUBLISH_TRIES; tries++) {
    const standing = await findPublished(ports.store, list)
    const now = ports.now()
    const revoked: number[] = []
    for await (const index of revokedIn(ports.store, list)) revoked.push(index)
    const compressed = await ports.deflate(statusBits(revoked))
    const input = draftStatusList(list, compressed, { settings, now, kid: ports.signer.kid })
    const token = writeJws(input, await ports.signer.sign(utf8(input)))
    const published = { token, issuedAt: now }
    if ((await ports.store.commit([publishList(list, published, standing?.version)])).ok) return published
  }
  throw new IssuerError('state_contended', 'The status list was published by others each time; try again')
}
