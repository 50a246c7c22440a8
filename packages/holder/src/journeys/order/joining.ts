/**
 * How copies that were issued anew join a credential that is held. They do only if they say the same; what says
 * something else takes its place, once the person has seen what changed.
 */

import { sameJson } from '@facet-id/credential/json'
import { openStoredSdJwt } from '@facet-id/credential/sd-jwt'
import type { Op } from '@facet-id/store'
import { HolderError } from '../../error.ts'
import type { Holding } from '../../holding.ts'
import type { Finished } from '../../issuance/order-state.ts'
import { type Accepted, contentsOf, partsOf } from '../../issuance/received.ts'
import {
  type CredentialRecord,
  copiesOf,
  findCredential,
  isFresh,
  joinCopies,
  type StandingCopy,
} from '../../shelf/shelf-store.ts'

export interface Joining {
  /** The credential as it was; absent: the copies become one of their own. */
  readonly before?: CredentialRecord
  /** Operations in the place of those that keep a new credential. */
  readonly keep?: (record: CredentialRecord) => readonly Op[]
  /** Keys of the copies that go. */
  readonly goneKeys: readonly string[]
  /** Of the copies that stay: the first end, and digests that stand for nothing. */
  readonly expiresAt?: number
  readonly undisclosed: number
}

const alone: Joining = { goneKeys: [], undisclosed: 0 }

/** @throws {HolderError} `declined_by_person`, `credential_substituted`, `state_contended` */
export async function joiningOf(order: Finished, accepted: Accepted, holding: Holding): Promise<Joining> {
  const { ports } = holding
  if (order.joins === undefined) return alone
  const before = await findCredential(ports.store, order.joins)
  if (before === undefined)
    throw new HolderError('state_contended', 'The credential was forgotten while copies of it were got')
  const held = await copiesOf(ports.store, before.credentialId)
  const stays = await staysThere(held, before, accepted, holding)
  const gone = stays ? held.filter(({ record }) => !isFresh(record, ports.now())) : held
  const left = held.filter((copy) => !gone.includes(copy))
  const ends = left.flatMap(({ record }) => record.expiresAt ?? [])
  return {
    before,
    keep: (record) => joinCopies(record, accepted.copies, { held, gone }),
    goneKeys: gone.map(({ record }) => record.keyId),
    ...(ends.length === 0 ? {} : { expiresAt: Math.min(...ends) }),
    undisclosed: left.length === 0 ? 0 : (before.undisclosed ?? 0),
  }
}

/** Whether what is held and what came are one: then what is held stays, but for what was shown or is over. */
async function staysThere(
  held: readonly StandingCopy[],
  before: CredentialRecord,
  accepted: Accepted,
  { ports }: Holding,
): Promise<boolean> {
  const [any] = held
  if (any === undefined) return true
  const { opened } = openStoredSdJwt(any.record.compact, ports.hash)
  const contents = contentsOf(opened.claims)
  // What can be shown in other parts is not mixed: one copy could tell more along with a claim than another.
  if (sameJson(contents, accepted.contents))
    return partsOf(opened.disclosed.map(({ at }) => at)) === accepted.parts
  const { credentialId, issuer, vct } = before
  if (ports.consent.toReplace === undefined)
    throw new HolderError(
      'credential_substituted',
      'The new copies say something else than those that are held',
    )
  const { agreed } = await ports.consent.toReplace({
    credentialId,
    issuer,
    vct,
    before: contents,
    after: accepted.contents,
  })
  if (!agreed) throw new HolderError('declined_by_person', 'The person keeps the credential as it was')
  return false
}
