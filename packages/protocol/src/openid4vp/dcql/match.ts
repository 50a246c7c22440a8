/**
 * Does a credential answer a query, and by which of its claims? OpenID4VP 1.0 §6.4, §7.
 *
 * The wallet asks it of what it holds, the verifier of what it was shown (§14.11: it "MUST NOT rely
 * on the Wallet to enforce these constraints"), and both get the answer of the same rule.
 *
 * Two points that the text leaves open are decided here. A path with `null` and `values` is answered
 * by the elements that have one of the values: the others are as good as absent (§6.4.1), so one
 * match is enough and only what matches is shown. And a position in an array means less to a
 * verifier: withheld elements leave no gap, so what it sees may have stood further back.
 */
import type { JsonObject, JsonValue } from '@facet-id/credential/json'
import {
  type ClaimPlace,
  type ClaimsPath,
  type SelectedClaim,
  selectByPath,
} from '@facet-id/credential/sd-jwt'
import type { ClaimsQuery, ClaimValue, CredentialQuery } from './query.ts'

/** What a query is held against. */
export interface Candidate {
  readonly vct: string
  /** The processed payload, registered claims included: everything held, or everything shown. */
  readonly claims: JsonObject
  /** Whether the credential is bound to a key (`cnf`): without one no presentation can be made of it. */
  readonly hasHolderKey: boolean
}

/** `paths`: where the claims stand that answer; none when the query names no claims. */
export type Match =
  | { readonly matches: true; readonly paths: readonly ClaimPlace[] }
  | { readonly matches: false; readonly code: Mismatch; readonly why: string }

/** `type`: of none of the types asked for. `holder_key`: not bound to a key. */
export type Mismatch = 'type' | 'holder_key' | 'claim_absent' | 'value'

/**
 * What a wallet may answer a query with. All claims or none: a credential that lacks one of them, or
 * has it with another value, is treated as if it were not held.
 *
 * `paths` go to `selectDisclosures`, so that nothing else is shown. Types are compared as text; types
 * that extend one another are not known here.
 */
export function matchCredential(query: CredentialQuery, held: Candidate): Match {
  return match(query, held, select)
}

/** Whether what was shown answers the query. It may hold more: that is the wallet's affair. */
export function checkAnswer(query: CredentialQuery, shown: Candidate): Match {
  return match(query, shown, selectShown)
}

/** What a path selects: nothing, where it reaches nothing or does not fit the claims. */
type Select = (claims: JsonObject, path: ClaimsPath) => readonly SelectedClaim[]

function match({ meta, claims = [] }: CredentialQuery, candidate: Candidate, selectClaims: Select): Match {
  if (!meta.vct_values.includes(candidate.vct)) {
    return mismatch('type', 'The credential is of none of the types that the query asks for')
  }
  if (!candidate.hasHolderKey) {
    return mismatch(
      'holder_key',
      'The credential is not bound to a key of its holder, and the query asks for that',
    )
  }
  const paths: ClaimPlace[] = []
  for (const claim of claims) {
    const selected = selectClaims(candidate.claims, claim.path)
    if (selected.length === 0) {
      return mismatch('claim_absent', `The credential has no claim at ${JSON.stringify(claim.path)}`)
    }
    const answering = selected.filter(({ value }) => hasValue(claim, value))
    if (answering.length === 0) {
      return mismatch('value', `The claim at ${JSON.stringify(claim.path)} has none of the values asked for`)
    }
    paths.push(...answering.map(({ at }) => at))
  }
  return { matches: true, paths }
}

/** Type and value must be the same: neither `"18"` nor `true` is `18` (§6.3). */
function hasValue({ values }: ClaimsQuery, value: JsonValue): boolean {
  return values === undefined || values.some((wanted: ClaimValue) => wanted === value)
}

function select(claims: JsonObject, path: ClaimsPath): readonly SelectedClaim[] {
  try {
    return selectByPath(claims, path)
  } catch {
    // §7.1.1: a path that does not fit the claims is "an error", which makes it find none of them.
    return []
  }
}

/** A number in the path stands for the elements up to that place: nobody can tell which of them it is. */
function selectShown(claims: JsonObject, path: ClaimsPath): readonly SelectedClaim[] {
  const anywhere = path.map((step) => (typeof step === 'number' ? null : step))
  const shown = select(claims, anywhere).filter(({ at }) =>
    path.every((step, depth) => typeof step !== 'number' || Number(at[depth]) <= step),
  )
  // Elements of several kinds: the path may fit the one that it names and not its neighbours.
  return shown.length > 0 ? shown : select(claims, path)
}

function mismatch(code: Mismatch, why: string): Match {
  return { matches: false, code, why }
}
