/**
 * Which of the credentials that are held answer a request, and whether they answer the whole of it.
 * OpenID4VP 1.0 §6.4.2.
 */
import type { ClaimPlace, StepsLeft } from '@facet-id/credential/sd-jwt'
import type { CredentialQuery } from './credential-query.ts'
import type { HeldCredential, HeldIndex } from './held-index.ts'
import { DCQL_LIMITS } from './limits.ts'
import { matchPlanned, queryPlan } from './match.ts'
import type { DcqlQuery } from './query.ts'

export interface Evaluation<Held extends HeldCredential = HeldCredential> {
  /** One for each credential query, in their order; also for those that nothing answers. */
  readonly queries: readonly QueryMatches<Held>[]
  /** One for each credential set, in their order; where there are none, one of all queries. */
  readonly sets: readonly SetMatches[]
  /** Whether every set that is required can be met. If not, nothing may be returned. */
  readonly isAnswerable: boolean
}

export interface QueryMatches<Held> {
  readonly query: CredentialQuery
  /** In no order that means anything: which is best is the holder's to say. */
  readonly matches: readonly HeldMatch<Held>[]
}

export interface HeldMatch<Held> {
  readonly held: Held
  /** Where the claims stand that answer. */
  readonly paths: readonly ClaimPlace[]
  readonly claimSet?: number
}

export interface SetMatches {
  readonly required: boolean
  readonly options: readonly SetOption[]
}

export interface SetOption {
  /** Ids of credential queries. */
  readonly ids: readonly string[]
  /** Whether each of them is answered. */
  readonly isAnswered: boolean
}

/**
 * Holds the whole request against all that is held; one that does not match never stops the search. What would
 * take more than `DCQL_LIMITS.steps` is as good as not held: a stranger hears no more of it than that.
 */
export function evaluateQuery<Held extends HeldCredential>(
  query: DcqlQuery,
  index: Pick<HeldIndex<Held>, 'candidatesFor'>,
): Evaluation<Held> {
  const steps: StepsLeft = { left: DCQL_LIMITS.steps }
  const queries = query.credentials.map((one) => ({ query: one, matches: matchesOf(one, index, steps) }))
  const answered = new Set(queries.filter(({ matches }) => matches.length > 0).map(({ query: { id } }) => id))
  const sets = setsOf(query).map(({ required, options }) => ({
    required,
    options: options.map((ids) => ({ ids, isAnswered: ids.every((id) => answered.has(id)) })),
  }))
  return { queries, sets, isAnswerable: sets.every((set) => !set.required || set.options.some(isAnswered)) }
}

function matchesOf<Held extends HeldCredential>(
  query: CredentialQuery,
  index: Pick<HeldIndex<Held>, 'candidatesFor'>,
  steps: StepsLeft,
): readonly HeldMatch<Held>[] {
  const plan = queryPlan(query)
  const matches: HeldMatch<Held>[] = []
  for (const held of index.candidatesFor(query)) {
    steps.left--
    const match = matchPlanned(plan, held, { seen: 'held', steps })
    if (steps.left < 0) break
    if ('paths' in match) matches.push({ held, ...match })
  }
  return matches
}

function isAnswered(option: SetOption): boolean {
  return option.isAnswered
}

/** The credential sets of a query; where it has none, all of its credentials are required. */
export function setsOf({ credentials, credential_sets }: DcqlQuery): readonly {
  readonly required: boolean
  readonly options: readonly (readonly string[])[]
}[] {
  if (credential_sets === undefined) return [{ required: true, options: [credentials.map(({ id }) => id)] }]
  return credential_sets.map(({ options, required = true }) => ({ required, options }))
}

/**
 * What of the answered queries counts: of each set the first option that is met, and whether all that is
 * required is met. What counts for no set was not asked for.
 */
export function countedFor(
  query: DcqlQuery,
  answered: ReadonlySet<string>,
): { readonly isMet: boolean; readonly counted: ReadonlySet<string> } {
  const counted = new Set<string>()
  let isMet = true
  for (const { required, options } of setsOf(query)) {
    const met = options.find((ids) => ids.every((id) => answered.has(id)))
    for (const id of met ?? []) counted.add(id)
    if (met === undefined && required) isMet = false
  }
  return { isMet, counted }
}
