/**
 * Does a credential answer a query, and by which of its claims? OpenID4VP 1.0 §6.4, §7.
 *
 * The wallet asks it of what it holds, the verifier of what it was shown (§14.11: it "MUST NOT rely
 * on the Wallet to enforce these constraints"), and both get the answer of the same rule.
 */
import type { JsonObject } from '@facet-id/credential/json'
import type { ClaimPlace } from '@facet-id/credential/sd-jwt'
import type { ClaimsQuery, CredentialQuery } from './credential-query.ts'
import { type ClaimsPlan, claimsPlan, type Looking, selectClaims } from './select-claims.ts'
import {
  type AuthoritiesPlan,
  type AuthorityFacts,
  authoritiesPlan,
  isCertified,
} from './trusted-authorities.ts'

/** What a query is held against. */
export interface Candidate {
  readonly vct: string
  /**
   * The types that its type extends, as far as verified type metadata says so; absent: none is known.
   * A credential answers for them too (§B.3.5).
   */
  readonly extended?: readonly string[]
  /** The processed payload, registered claims included: everything held, or everything shown. */
  readonly claims: JsonObject
  /**
   * Of what is held: whether it is bound to a key (`cnf`), for without one nobody can prove to be its holder.
   * Of what was shown: whether that was proven.
   */
  readonly hasHolderKey: boolean
  /** Who stands behind its issuer; absent: nothing is known, and a query for authorities is not met. */
  readonly authorities?: AuthorityFacts
}

/** `paths`: where the claims stand that answer; none when the query names no claims. */
export type Match =
  | {
      readonly matches: true
      readonly paths: readonly ClaimPlace[]
      /** The claim set that is met, counted from 0; absent when the query has none. */
      readonly claimSet?: number
    }
  | { readonly matches: false; readonly code: Mismatch; readonly why: string }

/**
 * `type`: of none of the types asked for, or of another format. `holder_key`: not bound to a key.
 * `authority`: its issuer is not known to be certified by one of those asked for. `claim_set`: none of
 * the claim sets can be met.
 */
export type Mismatch = 'type' | 'holder_key' | 'authority' | 'claim_absent' | 'value' | 'claim_set'

/**
 * What a wallet may answer a query with. All claims or none: a credential that lacks one of them, or
 * has it with another value, is treated as if it were not held.
 *
 * `paths` go to `selectDisclosures`, so that nothing else is shown.
 */
export function matchCredential(query: CredentialQuery, held: Candidate): Match {
  return told(matchPlanned(queryPlan(query), held, { seen: 'held' }))
}

/** Whether what was shown answers the query. It may hold more: that is the wallet's affair. */
export function checkAnswer(query: CredentialQuery, shown: Candidate): Match {
  return told(matchPlanned(queryPlan(query), shown, { seen: 'shown' }))
}

/** A query made ready to be held against many credentials. */
export interface QueryPlan {
  readonly query: CredentialQuery
  readonly types: ReadonlySet<string>
  /** Absent: nobody in particular has to stand behind the issuer. */
  readonly authorities?: AuthoritiesPlan
  readonly claims: ClaimsPlan
}

export function queryPlan(query: CredentialQuery): QueryPlan {
  const { meta, trusted_authorities: asked } = query
  const authorities = asked === undefined ? {} : { authorities: authoritiesPlan(asked) }
  return { query, types: new Set(meta.vct_values), ...authorities, claims: claimsPlan(query) }
}

/** The same without words: they cost more than the comparison does. */
export type PlannedMatch =
  | { readonly paths: readonly ClaimPlace[]; readonly claimSet?: number }
  | { readonly code: Mismatch; readonly claim?: ClaimsQuery }

export function matchPlanned(
  { query, types, authorities, claims }: QueryPlan,
  candidate: Candidate,
  looking: Looking,
): PlannedMatch {
  const { vct, extended = [] } = candidate
  if (!types.has(vct) && !extended.some((type) => types.has(type))) return { code: 'type' }
  if (!candidate.hasHolderKey && query.require_cryptographic_holder_binding !== false) {
    return { code: 'holder_key' }
  }
  if (!isCertified(authorities, candidate.authorities)) return { code: 'authority' }
  const answer = selectClaims(claims, candidate.claims, looking)
  if ('lacks' in answer) {
    return claims.hasSets && claims.sets.length > 1
      ? { code: 'claim_set' }
      : { code: answer.because, claim: answer.lacks }
  }
  const { places, ...set } = answer
  return { paths: places, ...set }
}

function told(match: PlannedMatch): Match {
  if ('paths' in match) return { matches: true, ...match }
  const { code, claim } = match
  return { matches: false, code, why: why[code](JSON.stringify(claim?.path)) }
}

const why: Readonly<Record<Mismatch, (path: string) => string>> = {
  type: () => 'The credential is of none of the types that the query asks for',
  holder_key: () => 'The credential is not bound to a key of its holder, and the query asks for that',
  authority: () => 'The issuer of the credential is not known to be certified as the query asks for',
  claim_absent: (path) => `The credential has no claim at ${path}`,
  value: (path) => `The claim at ${path} has none of the values asked for`,
  claim_set: () => 'The credential has the claims of none of the combinations that the query asks for',
}
