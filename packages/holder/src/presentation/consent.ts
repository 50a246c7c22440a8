/**
 * What the person is asked before anything is shown: who asks, for what, what of it is held and would leave, and
 * what may be chosen. Pure: the same request over the same shelf comes to the same question. OpenID4VP 1.0 §15.1.
 */
import type { JsonValue } from '@facet-id/credential/json'
import type { ClaimPlace, ClaimsPath } from '@facet-id/credential/sd-jwt'
import type { DcqlQuery } from '@facet-id/protocol/openid4vp'
import { evaluateQuery, type HeldIndex } from '@facet-id/protocol/openid4vp/dcql'
import type { Trust, TrustDecision } from '@facet-id/trust'
import type { CredentialName } from '../shelf/name.ts'
import type { ShelvedCredential } from '../shelf/shelf-index-store.ts'
import { type Asker, type ProofOfAsker, proofOf } from './asker.ts'
import { candidatesEach, candidatesOf } from './candidates.ts'
import { defaultItems, isMet } from './choice.ts'
import { type AskedTooMuch, judgeAsking } from './over-asking.ts'
import type { Transaction } from './transactions.ts'
import { type ConsentWarning, warningsOf } from './warnings.ts'

/** May this verifier see this? */
export interface PresentationConsent {
  /** Full client id, as proven by the request. */
  readonly verifier: string
  readonly provenBy: ProofOfAsker
  /** Whether some list says that it may ask for this, and why. */
  readonly trust: TrustDecision
  /** Where the answer goes. */
  readonly responseUri: string
  /** What the person authorizes by agreeing, as the application can show it; empty where nothing. */
  readonly transactions: readonly Transaction[]
  /**
   * What leaves where the person agrees and chooses nothing else: the first option that can be met of each set
   * that is required, of those that authorize all transactions where there are some, and nothing that is optional. Empty when nothing held answers the request, and when a
   * copy would have to be shown again: then there is nothing to agree to, or only by a choice.
   */
  readonly items: readonly PresentationItem[]
  /** Each credential that is asked for, whether or not it is held. */
  readonly queries: readonly ConsentQuery[]
  /** Which of them are needed together, and which instead of others. At least one. */
  readonly sets: readonly ConsentSet[]
  /** What is asked beyond what the verifier is registered for; empty where nobody says what that is. */
  readonly overAsked: readonly AskedTooMuch[]
  /** What a person should know before they decide, the gravest first. */
  readonly warnings: readonly ConsentWarning[]
}

/** One credential query of the verifier, beside what is held. */
export interface ConsentQuery {
  readonly queryId: string
  /** Any of these types will do. */
  readonly vcts: readonly string[]
  readonly claims: readonly { readonly path: ClaimsPath; readonly values?: readonly JsonValue[] }[]
  /** Whether several credentials may be shown. */
  readonly multiple: boolean
  /** Whether it cannot be chosen, because it is beyond what the verifier is registered for. */
  readonly isLeftOut: boolean
  /**
   * Whether a credential that is held would answer it, if it did not ask for an authority over the issuer. Absent: none
   * would, or it is answered.
   */
  readonly lacksAuthority?: true
  /**
   * The credentials that answer it, the newest first, and of very many the newest hundred; fewer where more than
   * eight credentials are asked for.
   */
  readonly candidates: readonly PresentationItem[]
}

/** One use case: met by all queries of one option. */
export interface ConsentSet {
  readonly required: boolean
  readonly options: readonly {
    /** Ids of queries. */
    readonly ids: readonly string[]
    /** Whether it can be chosen. */
    readonly isAnswerable: boolean
  }[]
  /** The option that is taken where nothing else is chosen, counted from 0; absent: none. */
  readonly chosen?: number
}

/** One credential that answers one query of the verifier. */
export interface PresentationItem {
  readonly queryId: string
  readonly credentialId: string
  readonly issuer: string
  readonly vct: string
  /** What it is called, for `nameOf`; absent when nobody gave it a name. */
  readonly names?: readonly CredentialName[]
  /**
   * What the verifier will learn, value by value: what it asked for, what cannot be shown without, and
   * what the credential always shows. Left out are the members that say what a credential is (`iss`,
   * `vct`, `cnf`, `status`, dates).
   */
  readonly discloses: readonly { readonly path: ClaimPlace; readonly value: JsonValue }[]
  /** Those of them that nobody asked for and that cannot be withheld. */
  readonly goesAlong: readonly ClaimPlace[]
  /** Whether it is proven who holds it: not where the verifier needs no proof and the credential has no key. */
  readonly isBound: boolean
  /** Unused copies after this one. */
  readonly copiesLeft: number
  /** `true`: no unused copy is left for it; whoever saw a copy before would know it again. */
  readonly again?: true
}

/** What the person decided. */
export interface PresentationDecision {
  readonly agreed: boolean
  /** Absent: `items`, as they were asked about. */
  readonly choice?: PresentationChoice
}

export interface PresentationChoice {
  /** By the place of a set: the option, or `none` for one that is not required. Absent: as asked. */
  readonly sets?: Readonly<Record<number, number | 'none'>>
  /** By the id of a query: the credentials that answer it, several only where that is so. Absent: as asked. */
  readonly credentials?: Readonly<Record<string, readonly string[]>>
  /** `true`: where no unused copy is left, one is shown again, and can be recognised by who saw it. */
  readonly reuse?: true
}

/** What is asked, of whom, and where the answer goes. */
export interface ConsentRequest {
  readonly asker: Asker
  readonly dcql_query: DcqlQuery
  /** An address, or the origin of the page that asks. */
  readonly response_uri: string
  /** Absent: nothing is authorized. */
  readonly transactions?: readonly Transaction[]
}

/**
 * The question for a request.
 *
 * @param held what could be shown: without what has expired or the verifier does not take
 */
export function consent(
  { asker, dcql_query, response_uri, transactions = [] }: ConsentRequest,
  held: Pick<HeldIndex<ShelvedCredential>, 'candidatesFor'>,
  trust: Pick<Trust, 'mayAsk'>,
): PresentationConsent {
  const asking = judgeAsking(dcql_query, asker, trust)
  const found = evaluateQuery(dcql_query, held)
  const lacking = lackingAuthority(found.queries, held)
  const most = candidatesEach(found.queries.length)
  const queries = found.queries.map(({ query, matches }) => ({
    queryId: query.id,
    vcts: query.meta.vct_values,
    claims: (query.claims ?? []).map(({ path, values }) => ({
      path,
      ...(values === undefined ? {} : { values }),
    })),
    multiple: query.multiple === true,
    isLeftOut: asking.leftOut.has(query.id),
    ...(lacking.has(query.id) ? { lacksAuthority: true as const } : {}),
    candidates: candidatesOf(query, matches, most),
  }))
  const answerable = new Set(
    queries.flatMap((one) => (one.isLeftOut || one.candidates.length === 0 ? [] : one.queryId)),
  )
  const { items, sets } = defaultItems(
    queries,
    found.sets.map(({ required, options }) => ({
      required,
      options: options.map(({ ids }) => ({ ids, isAnswerable: ids.every((id) => answerable.has(id)) })),
    })),
    transactions,
  )
  const known = {
    verifier: asker.clientId,
    provenBy: proofOf(asker),
    trust: asking.trust,
    responseUri: response_uri,
    transactions,
    items,
    queries,
    sets,
    overAsked: asking.overAsked,
  }
  return { ...known, warnings: warningsOf(known) }
}

/** Whether all that is required can be answered, be it with copies that were shown before. */
export function isAnswerable({ sets }: Pick<PresentationConsent, 'sets'>): boolean {
  return isMet(sets)
}

/** Ids of queries that are unanswered for their authorities alone. */
function lackingAuthority(
  queries: ReturnType<typeof evaluateQuery<ShelvedCredential>>['queries'],
  held: Pick<HeldIndex<ShelvedCredential>, 'candidatesFor'>,
): ReadonlySet<string> {
  const bare = queries.flatMap(({ query, matches }) => {
    const { trusted_authorities, ...rest } = query
    return matches.length > 0 || trusted_authorities === undefined ? [] : [rest]
  })
  if (bare.length === 0) return new Set()
  const found = evaluateQuery({ credentials: bare }, held)
  return new Set(found.queries.flatMap(({ query, matches }) => (matches.length > 0 ? query.id : [])))
}
