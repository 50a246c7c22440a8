/**
 * Does what was presented answer what was asked: each presentation its query, and all of them together the
 * whole request? For the verifier, who must not rely on the wallet for any of it. OpenID4VP 1.0 §8.1, §8.6, §14.11.
 *
 * Signatures, key binding, status and trust are judged elsewhere; only what passed there belongs here.
 */
import type { CredentialQuery } from './credential-query.ts'
import { countedFor } from './evaluate.ts'
import { type Candidate, checkAnswer, type Match } from './match.ts'
import type { DcqlQuery } from './query.ts'

/** A presentation that was judged, and the query that it was sent for. */
export interface PresentedCredential extends Candidate {
  readonly queryId: string
}

export interface VpTokenCheck<Presented extends PresentedCredential = PresentedCredential> {
  /** Whether everything that is required was presented, and nothing in a way that was not asked for. */
  readonly holds: boolean
  /** One for each presentation, in their order. */
  readonly answers: readonly CheckedAnswer<Presented>[]
  /** Why it does not hold; absent when it does. */
  readonly code?: VpTokenFault
  /** A sentence that names neither values nor what a stranger wrote; absent when it holds. */
  readonly why?: string
}

export interface CheckedAnswer<Presented> {
  readonly presented: Presented
  /** Whether it answers its query. What does not is as good as not presented. */
  readonly match: Match
  /** Whether it is part of what was asked for: only then may anything of it be kept. */
  readonly isCounted: boolean
}

/**
 * `query_unknown`: sent for a query that was not asked. `several`: more than one for a query without `multiple`.
 * `incomplete`: what is required is not all there.
 */
export type VpTokenFault = 'query_unknown' | 'several' | 'incomplete'

/**
 * How many presentations the text allows for each query; look at it before anything is judged.
 *
 * @param counts how many were sent, by the id of the query
 */
export function findVpTokenFault(
  { credentials }: DcqlQuery,
  counts: Iterable<readonly [queryId: string, count: number]>,
): VpTokenFault | undefined {
  const queries = new Map(credentials.map((query) => [query.id, query]))
  for (const [id, count] of counts) {
    const query = queries.get(id)
    if (query === undefined) return 'query_unknown'
    // §8.1: "When `multiple` is omitted, or set to `false`, the array MUST contain only one Presentation."
    if (count > 1 && query.multiple !== true) return 'several'
  }
  return undefined
}

/**
 * Checks an answer against the whole query: types, claims and values, claim sets, holder binding, authorities,
 * several credentials for a query, and credential sets.
 */
export function checkVpToken<Presented extends PresentedCredential>(
  query: DcqlQuery,
  presented: readonly Presented[],
): VpTokenCheck<Presented> {
  const queries = new Map(query.credentials.map((one) => [one.id, one]))
  const matched = presented.map((one) => ({ presented: one, match: matchOf(queries.get(one.queryId), one) }))
  const { isMet, counted } = countedFor(query, answeredBy(matched))
  const answers = matched.map((one) => ({
    ...one,
    isCounted: one.match.matches && counted.has(one.presented.queryId),
  }))
  const fault = findVpTokenFault(query, countsOf(presented)) ?? (isMet ? undefined : 'incomplete')
  return fault === undefined
    ? { holds: true, answers }
    : { holds: false, answers, code: fault, why: why[fault] }
}

function matchOf(query: CredentialQuery | undefined, presented: PresentedCredential): Match {
  if (query !== undefined) return checkAnswer(query, presented)
  return { matches: false, code: 'type', why: why.query_unknown }
}

/** §8.6: a presentation that does not answer its query is passed over; the others may be enough. */
function answeredBy(
  matched: readonly { readonly presented: PresentedCredential; readonly match: Match }[],
): ReadonlySet<string> {
  return new Set(matched.filter(({ match }) => match.matches).map(({ presented }) => presented.queryId))
}

function countsOf(presented: readonly PresentedCredential[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { queryId } of presented) counts.set(queryId, (counts.get(queryId) ?? 0) + 1)
  return counts
}

const why: Readonly<Record<VpTokenFault, string>> = {
  query_unknown: 'The answer has a presentation for a query that was not asked',
  several: 'The answer has several presentations for a query that asks for one',
  incomplete: 'The answer lacks a credential that the request needs',
}
