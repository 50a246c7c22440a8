/**
 * What a verifier asks for beyond what it is registered for, found by asking about each claim alone: only of
 * a verifier that is known can it be said.
 */
import type { CredentialQuery, DcqlQuery } from '@facet-id/protocol/openid4vp'
import type { AskedClaims, Trust, TrustDecision } from '@facet-id/trust'
import type { OverAsked } from '@facet-id/trust/registration'
import type { Asker } from './asker.ts'

export interface AskedTooMuch extends OverAsked {
  readonly queryId: string
}

export interface Asking {
  /** About all that can be chosen. */
  readonly trust: TrustDecision
  /** Empty when nothing is too much, or nobody says what the verifier is registered for. */
  readonly overAsked: readonly AskedTooMuch[]
  /** Ids of the queries that are left out, because a list says no to the whole and yes to the rest. */
  readonly leftOut: ReadonlySet<string>
}

/** Whether the verifier may ask, as a whole or without what is too much. */
export function judgeAsking({ credentials }: DcqlQuery, asker: Asker, trust: Pick<Trust, 'mayAsk'>): Asking {
  const ask = (claims: readonly AskedClaims[]): TrustDecision => trust.mayAsk({ ...asker, claims })
  const whole = ask(credentials.map(claimsAsked))
  const none: Asking = { trust: whole, overAsked: [], leftOut: new Set() }
  if (whole.decision === 'trusted' || ask([]).decision !== 'trusted') return none
  const overAsked = credentials.flatMap((query) => beyond(query, ask))
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

function beyond(
  query: CredentialQuery,
  ask: (claims: readonly AskedClaims[]) => TrustDecision,
): readonly AskedTooMuch[] {
  const { vcts, paths } = claimsAsked(query)
  const queryId = query.id
  const isBeyond = (claims: AskedClaims): boolean => ask([claims]).decision !== 'trusted'
  return vcts.flatMap((vct): readonly AskedTooMuch[] => {
    if (isBeyond({ vcts: [vct], paths: [] })) return [{ queryId, vct }]
    return paths
      .filter((path) => isBeyond({ vcts: [vct], paths: [path] }))
      .map((path) => ({ queryId, vct, path }))
  })
}
