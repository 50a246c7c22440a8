/** The credentials that answer a query, as a person sees them. */
import type { CredentialQuery } from '@facet-id/protocol/openid4vp'
import type { HeldMatch } from '@facet-id/protocol/openid4vp/dcql'
import type { ShelvedCredential } from '../shelf/shelf-index-store.ts'
import type { PresentationItem } from './consent.ts'
import { disclosedBy } from './disclosed.ts'

/** More than that nobody chooses from: for one query, and for all of a request together. */
const CANDIDATES = 100
const ALL_CANDIDATES = 800

/** How many are told of each query: each shows all that would leave, so a stranger who asks much makes much work. */
export function candidatesEach(queries: number): number {
  return Math.min(CANDIDATES, Math.floor(ALL_CANDIDATES / queries))
}

/** The newest first, and no more than `most`. */
export function candidatesOf(
  query: CredentialQuery,
  matches: readonly HeldMatch<ShelvedCredential>[],
  most: number,
): readonly PresentationItem[] {
  return newestOf(matches, most).map(({ held, paths }) => {
    const { record, unused } = held
    const discloses = disclosedBy(held, paths)
    return {
      queryId: query.id,
      credentialId: record.credentialId,
      issuer: record.issuer,
      vct: record.vct,
      ...(record.names === undefined ? {} : { names: record.names }),
      discloses: discloses.map(({ path, value }) => ({ path, value })),
      goesAlong: discloses.filter(({ isAsked }) => !isAsked).map(({ path }) => path),
      isBound: held.hasHolderKey,
      copiesLeft: Math.max(0, unused - 1),
      ...(unused === 0 ? { again: true as const } : {}),
    }
  })
}

/** Those with an unused copy come first, and among them the newest. */
export function newestOf<Match extends HeldMatch<ShelvedCredential>>(
  matches: readonly Match[],
  most: number,
): readonly Match[] {
  const rank = ({ held }: Match): number => (held.unused > 0 ? 1 : 0)
  return [...matches]
    .sort((a, b) => rank(b) - rank(a) || b.held.record.receivedAt - a.held.record.receivedAt)
    .slice(0, most)
}
