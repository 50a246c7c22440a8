/** Takes from the shelf what answers a request: finds it first, and spends it when the person agreed. */
import { jwsAlgorithms } from '@facet-id/credential/jose'
import { openStoredSdJwt } from '@facet-id/credential/sd-jwt'
import type { RequestObject } from '@facet-id/protocol/openid4vp'
import { type ClientMetadata, takesSdJwtVc } from '@facet-id/protocol/openid4vp/client'
import type { Store } from '@facet-id/store'
import { HolderError } from '../error.ts'
import type { Holding } from '../holding.ts'
import { type LogEntry, logged } from '../presentation/log-store.ts'
import {
  type Found,
  type Match,
  matchAll,
  type OpenedCredential,
  withOtherCopies,
} from '../presentation/presentation.ts'
import { signedWith } from '../presentation/signed-with.ts'
import { copiesOf, listCredentials, type StandingCopy, spendCopy } from '../shelf/shelf-store.ts'

/** What would answer the request. Changes nothing. */
export async function findMatches(request: RequestObject, holding: Holding): Promise<Found> {
  if (!takesAny(request.client_metadata)) {
    const text = 'The verifier takes none of the formats that are held'
    return { obstacle: new HolderError('nothing_matches', text), word: 'vp_formats_not_supported' }
  }
  return matchAll(request.dcql_query, await openShelf(request, holding))
}

/** What the verifier hears of it depends on its request alone, and says nothing of what is held. */
function takesAny(metadata: ClientMetadata | undefined): boolean {
  return jwsAlgorithms.some((issuer) =>
    jwsAlgorithms.some((holder) => takesSdJwtVc(metadata, { issuer, holder })),
  )
}

/** Losing more often than a credential has copies is not for want of trying. */
const TRIES = 200

/**
 * Marks the copies as shown, and logs it, in one commit that one presentation wins. Who loses takes other
 * copies, while there are some.
 *
 * @throws {HolderError} `state_contended`
 */
export async function spend(agreed: readonly Match[], entry: LogEntry, { ports }: Holding): Promise<Found> {
  let found: Found = { matches: agreed }
  for (let tries = 0; tries < TRIES && 'matches' in found; tries++) {
    const { matches } = found
    const at = ports.now()
    const spent = await ports.store.commit([...matches.map(({ copy }) => spendCopy(copy, at)), logged(entry)])
    if (spent.ok) return found
    found = withOtherCopies(matches, await unusedOf(matches, ports.store))
  }
  if ('obstacle' in found) return found
  throw new HolderError('state_contended', 'The copies could not be taken; nothing was sent, try again')
}

/** Every credential that has not expired and is signed as the verifier takes it, with its unused copies. */
async function openShelf(
  { client_metadata }: RequestObject,
  { ports }: Holding,
): Promise<readonly OpenedCredential[]> {
  const held: OpenedCredential[] = []
  for await (const record of listCredentials(ports.store)) {
    if (record.expiresAt !== undefined && record.expiresAt <= ports.now()) continue
    const copies = await copiesOf(ports.store, record.credentialId)
    const unused = copies.filter(isUnused)
    // Never one that was shown while there is another: whoever saw its key or its place in a status list
    // could ask for that value, and would know the wallet again by another copy.
    const [any] = [...unused, ...copies]
    if (any === undefined) continue
    const { jwt, opened } = openStoredSdJwt(any.record.compact, ports.hash)
    const { claims } = opened
    if (!takesSdJwtVc(client_metadata, signedWith(jwt, claims))) continue
    held.push({ record, claims, unused })
  }
  return held
}

async function unusedOf(
  matches: readonly Match[],
  store: Store,
): Promise<ReadonlyMap<string, readonly StandingCopy[]>> {
  const unused = new Map<string, readonly StandingCopy[]>()
  for (const { record } of matches) {
    unused.set(record.credentialId, (await copiesOf(store, record.credentialId)).filter(isUnused))
  }
  return unused
}

function isUnused({ record }: StandingCopy): boolean {
  return record.usedAt === undefined
}
