/**
 * What a verifier asks for beyond what it is registered for, found by asking about each claim alone: only of
 * a verifier that is known can it be said.
 */
import type { CredentialQuery, DcqlQuery } from '@facet-id/protocol/openid4vp'
import type { AskedClaims, Trust, TrustDecision } from '@facet-id/trust'
import type { OverAsked } from '@facet-id/trust/registration'
import { type Asker, isBorrowed } from './asker.ts'
import { candidatesEach } from './candidates.ts'

export interface AskedTooMuch extends OverAsked {
  readonly queryId: string
}

export interface Asking {
  /** About all that can be chosen. */
  readonly trust: TrustDecision
  /**
   * Of each query the first hundred, and at least one; fewer where more than eight are asked for. Empty when nothing is too much, or nobody says what the verifier is registered for.
   */
  readonly overAsked: readonly AskedTooMuch[]
  /** Ids of the queries that are left out, because a list says no to the whole and yes to the rest. */
  readonly leftOut: ReadonlySet<string>
}

/**
 * Whether the verifier may ask, as a whole or without what is too much. What is said of a name counts for nobody who
 * only uses it: then it is left to the person, unless it is no.
 */
export function judgeAsking(query: DcqlQuery, asker: Asker, trust: Pick<Trust, 'mayAsk'>): Asking {
  const asking = judgeNamed(query, asker, trust)
  return isBorrowed(asker) && asking.trust.decision === 'trusted'
    ? {
        ...asking,
        trust: { decision: 'undetermined', why: 'Anybody can ask by that name: nothing is signed.' },
      }
    : asking
}

function judgeNamed(
  { credentials }: DcqlQuery,
  { isSigned: _, ...named }: Asker,
  trust: Pick<Trust, 'mayAsk'>,
): Asking {
  const ask = (claims: readonly AskedClaims[]): TrustDecision => trust.mayAsk({ ...named, claims })
  const whole = ask(credentials.map(claimsAsked))
  const none: Asking = { trust: whole, overAsked: [], leftOut: new Set() }
  if (whole.decision === 'trusted' || ask([]).decision !== 'trusted') return none
  const most = Math.max(1, candidatesEach(credentials.length))
  const overAsked = credentials.flatMap((query) => beyond(query, ask, most))
  if (whole.decision !== 'not_trusted') return { ...none, overAsked }
  const leftOut = new Set(overAsked.map(({ queryId }) => queryId))
  const rest = credentials.filter(({ id }) => !leftOut.has(id))
  const decision = rest.length === 0 ? whole : ask(rest.map(claimsAsked))
  return { trust: decision, overAsked, leftOut }
}

/** The claims that a query could be about, for the trust decision: names, never values. */
export function claimsAsked({ meta, claims = [] }: CredentialQuery): AskedClaims {
  return { vcts: meta.vct_values, paths: claims.map(({ path }) => path) }
}

/** No more of each query, so that a stranger who asks for much makes no longer list than a person reads. */
function beyond(
  query: CredentialQuery,
  ask: (claims: readonly AskedClaims[]) => TrustDecision,
  most: number,
): readonly AskedTooMuch[] {
  const found: AskedTooMuch[] = []
  for (const one of eachBeyond(query, ask)) if (found.push(one) === most) break
  return found
}

function* eachBeyond(
  query: CredentialQuery,
  ask: (claims: readonly AskedClaims[]) => TrustDecision,
): Iterable<AskedTooMuch> {
  const { vcts, paths } = claimsAsked(query)
  const queryId = query.id
  const isBeyond = (claims: AskedClaims): boolean => ask([claims]).decision !== 'trusted'
  for (const vct of vcts) {
    if (isBeyond({ vcts: [vct], paths: [] })) {
      yield { queryId, vct }
      continue
    }
    for (const path of paths) if (isBeyond({ vcts: [vct], paths: [path] })) yield { queryId, vct, path }
  }
}
