/** Takes from the shelf what answers a request: finds it first, and spends it when the person agreed. */
import { jwsAlgorithms } from '@facet-id/credential/jose'
import type { RequestObject } from '@facet-id/protocol/openid4vp'
import { type ClientMetadata, takesSdJwtVc } from '@facet-id/protocol/openid4vp/client'
import { type HeldIndex, matchCredential } from '@facet-id/protocol/openid4vp/dcql'
import type { Op, Store } from '@facet-id/store'
import { HolderError } from '../error.ts'
import type { Holding, Presenting } from '../holding.ts'
import type { PresentationItem } from '../presentation/consent.ts'
import { type LogEntry, logged } from '../presentation/log-store.ts'
import { type Chosen, type Found, type Match, takeCopies } from '../presentation/presentation.ts'
import type { ShelvedCredential } from '../shelf/shelf-index-store.ts'
import { copiesOf, type StandingCopy, spendCopy } from '../shelf/shelf-store.ts'

/** What of the shelf could be shown to who asks. */
export type Showable = Pick<HeldIndex<ShelvedCredential>, 'candidatesFor' | 'find'>

/** The shelf without what has expired, and what is not signed as the verifier takes it. */
export async function showableTo(request: RequestObject, { ports, shelf }: Presenting): Promise<Showable> {
  const index = await shelf.current()
  const now = ports.now()
  const isShowable = ({ record, signedWith }: ShelvedCredential): boolean =>
    (record.expiresAt === undefined || record.expiresAt > now) && takes(request.client_metadata, signedWith)
  return {
    *candidatesFor(query) {
      for (const held of index.candidatesFor(query)) if (isShowable(held)) yield held
    },
    find(id) {
      const held = index.find(id)
      return held === undefined || !isShowable(held) ? undefined : held
    },
  }
}

/**
 * Whether the verifier takes anything that could be held. What it hears of that depends on its request alone, and
 * says nothing of what is held.
 */
export function takesAny(metadata: ClientMetadata | undefined): boolean {
  return jwsAlgorithms.some((issuer) => takes(metadata, { issuer }))
}

/** Without a key of the holder there is no algorithm of its own that the verifier could refuse. */
function takes(
  metadata: ClientMetadata | undefined,
  { issuer, holder }: ShelvedCredential['signedWith'],
): boolean {
  const holders = holder === undefined ? jwsAlgorithms : [holder]
  return holders.some((one) => takesSdJwtVc(metadata, { issuer, holder: one }))
}

/**
 * What was chosen, held against its query once more.
 *
 * @throws {HolderError} `credential_unknown` when it left the shelf meanwhile
 */
export function chosenFrom(
  items: readonly PresentationItem[],
  { dcql_query }: RequestObject,
  showable: Showable,
): readonly Chosen[] {
  return items.map((item) => {
    const query = dcql_query.credentials.find(({ id }) => id === item.queryId)
    const held = showable.find(item.credentialId)
    const match = query === undefined || held === undefined ? undefined : matchCredential(query, held)
    if (match?.matches !== true)
      throw new HolderError('credential_unknown', 'What was chosen is not held any more, or answers no more')
    return { item, paths: match.paths }
  })
}

/** Losing more often than a credential has copies is not for want of trying. */
const TRIES = 200

export interface Spending {
  /** Takes the request to be answered: nobody else answers it. */
  readonly claim: Op
  readonly chosen: readonly Chosen[]
  /** Whether a copy may be shown again where no other is left. */
  readonly mayReuse: boolean
  readonly entryOf: (matches: readonly Match[]) => LogEntry
}

/**
 * Takes the request, marks the copies as shown, and logs it, in one commit that one presentation wins. Who loses a copy
 * takes others, while there are some; who loses the request spends none.
 *
 * @throws {HolderError} `request_answered`, `state_contended`
 */
export async function spend(
  { claim, chosen, mayReuse, entryOf }: Spending,
  { ports }: Holding,
): Promise<Found> {
  for (let tries = 0; tries < TRIES; tries++) {
    const found = takeCopies(chosen, await allCopiesOf(chosen, ports.store), mayReuse)
    if ('obstacle' in found) return found
    const at = ports.now()
    const copies = new Map(found.matches.map(({ copy }) => [copy.key, copy]))
    const spent = await ports.store.commit([
      claim,
      ...[...copies.values()].map((copy) => spendCopy(copy, at)),
      logged(entryOf(found.matches)),
    ])
    if (spent.ok) return found
    if (spent.failed === 0) throw answeredBefore()
  }
  throw new HolderError('state_contended', 'The copies could not be taken; nothing was sent, try again')
}

export function answeredBefore(): HolderError {
  return new HolderError(
    'request_answered',
    'This request was answered before; ask the verifier for a new one',
  )
}

async function allCopiesOf(
  chosen: readonly Chosen[],
  store: Store,
): Promise<ReadonlyMap<string, readonly StandingCopy[]>> {
  const copies = new Map<string, readonly StandingCopy[]>()
  for (const { item } of chosen) {
    if (!copies.has(item.credentialId))
      copies.set(item.credentialId, await copiesOf(store, item.credentialId))
  }
  return copies
}
