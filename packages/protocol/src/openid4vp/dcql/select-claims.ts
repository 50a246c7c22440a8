/**
 * Which claims of a credential answer a query. OpenID4VP 1.0 §6.4.1, §7.
 *
 * Two points that the text leaves open are decided here. A path with `null` and `values` is answered
 * by the elements that have one of the values: the others are as good as absent, so one match is enough
 * and only what matches is shown. And a position in an array means less to a verifier: withheld elements
 * leave no gap, so what it sees may have stood further back. Of what may be the element that it asked for, it takes
 * the last, and no neighbours: where nothing was withheld, that is the one.
 */
import type { JsonObject, JsonValue } from '@facet-id/credential/json'
import {
  type ClaimPlace,
  type ClaimsPath,
  findByPath,
  type SelectedClaim,
  type StepsLeft,
} from '@facet-id/credential/sd-jwt'
import type { ClaimsQuery, CredentialQuery } from './credential-query.ts'

/** The places that answer, and by which of the claim sets; or which claim stands in the way. */
export type ClaimsAnswer =
  | { readonly places: readonly ClaimPlace[] /** Absent without `claim_sets`. */; readonly claimSet?: number }
  | { readonly lacks: ClaimsQuery; readonly because: 'claim_absent' | 'value' }

/** Claims of one query, its sets as numbers of them; made once for many credentials. */
export interface ClaimsPlan {
  readonly claims: readonly ClaimsQuery[]
  readonly sets: readonly (readonly number[])[]
  /** Whether the query has claim sets of its own. */
  readonly hasSets: boolean
}

export function claimsPlan({ claims = [], claim_sets }: CredentialQuery): ClaimsPlan {
  if (claim_sets === undefined) return { claims, sets: [[...claims.keys()]], hasSets: false }
  const numbers = new Map(claims.map(({ id }, number) => [id, number]))
  // Whoever made a query without the reader may name what is not there: such a set cannot be met.
  const sets = claim_sets.map((ids) => ids.map((id) => numbers.get(id) ?? claims.length))
  return { claims, sets, hasSets: true }
}

/** Whether claims are all that is held, or what was shown of them. */
export type Seen = 'held' | 'shown'

export interface Looking {
  readonly seen: Seen
  /** Absent: as many as it takes. What comes of a walk that was broken off means nothing. */
  readonly steps?: StepsLeft
}

/** Takes the first claim set that can be met: the verifier would rather have it than those behind it. */
export function selectClaims(
  { claims, sets, hasSets }: ClaimsPlan,
  from: JsonObject,
  looking: Looking,
): ClaimsAnswer {
  const answerTo = answersOnce((claim) => selectClaim(claim, from, looking))
  let lacking: ClaimsAnswer | undefined
  for (const [claimSet, set] of sets.entries()) {
    const places: ClaimPlace[] = []
    const isMet = set.every((number) => {
      const claim = claims[number]
      if (claim === undefined) return false
      const answer = answerTo(claim, number)
      if (typeof answer === 'string') {
        lacking ??= { lacks: claim, because: answer }
        return false
      }
      for (const place of answer) places.push(place)
      return true
    })
    if (isMet) return { places, ...(hasSets ? { claimSet } : {}) }
  }
  return lacking ?? { lacks: { path: [''] }, because: 'claim_absent' }
}

/** A claim that stands in many sets is looked for once. */
function answersOnce(
  select: (claim: ClaimsQuery) => Selected,
): (claim: ClaimsQuery, number: number) => Selected {
  const answers: Selected[] = []
  return (claim, number) => {
    const answer = answers[number] ?? select(claim)
    answers[number] = answer
    return answer
  }
}

type Selected = readonly ClaimPlace[] | 'claim_absent' | 'value'

function selectClaim({ path, values }: ClaimsQuery, from: JsonObject, { seen, steps }: Looking): Selected {
  const selected = seen === 'held' ? findByPath(from, path, steps) : findShown(from, path)
  if (selected.length === 0) return 'claim_absent'
  const answering = values === undefined ? selected : selected.filter(({ value }) => isOneOf(values, value))
  if (answering.length === 0) return 'value'
  return (seen === 'held' ? answering : lastOfEach(answering, path)).map(({ at }) => at)
}

/** Type and value must be the same: neither `"18"` nor `true` is `18` (§6.3). */
function isOneOf(values: readonly JsonValue[], value: JsonValue): boolean {
  return values.includes(value)
}

/** One for each place that a path with positions names: `null` stands for several, a number for one. */
function lastOfEach(selected: readonly SelectedClaim[], path: ClaimsPath): readonly SelectedClaim[] {
  const places = selected.map((one) => {
    const place = one.at.map((step, depth) => (typeof path[depth] === 'number' ? 0 : step))
    return [JSON.stringify(place), one] as const
  })
  return [...new Map(places).values()]
}

/** A number in the path stands for the elements up to that place: nobody can tell which of them it is. */
function findShown(claims: JsonObject, path: ClaimsPath): readonly SelectedClaim[] {
  const anywhere = path.map((step) => (typeof step === 'number' ? null : step))
  const shown = findByPath(claims, anywhere).filter(({ at }) =>
    path.every((step, depth) => typeof step !== 'number' || Number(at[depth]) <= step),
  )
  // Elements of several kinds: the path may fit the one that it names and not its neighbours.
  return shown.length > 0 ? shown : findByPath(claims, path)
}
