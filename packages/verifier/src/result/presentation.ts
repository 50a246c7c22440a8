/**
 * The verifier's journey: requested → answered (judged) → result. Pure; `verifier.ts` and the
 * endpoints await.
 *
 * A presentation is known by two random ids: wallets see one, and only who asked has the other, so
 * nobody who sees the link can fetch the result (OpenID4VP §14.4.3).
 */
import type { AuthorizationErrorCode } from '@facet-id/protocol/openid4vp'
import { countedFor, type DcqlQuery } from '@facet-id/protocol/openid4vp/dcql'
import type { RequestRecord } from '../asking/request-record.ts'
import type { Attempt } from '../judging/attempt.ts'
import { type QueryReport, withoutClaims } from '../judging/query-report.ts'

/**
 * How the wallet was reached. `same_device`: the browser that asked came back with the answer's code, so the
 * person who asked is the one who showed. `cross_device`: a code was scanned; whoever shows it decides who
 * answers, so the answer says less about who sits at the screen (OpenID4VP §14.3). `page`: the answer came to the page
 * that asked, by its platform or in its address.
 */
export type Flow = 'same_device' | 'cross_device' | 'page'

/** What is kept of a presentation. */
export interface PresentationRecord extends RequestRecord {
  readonly flow: Flow
  /** On the same device: the session that asked, as a digest, and where its browser comes back to. */
  readonly home?: { readonly session: string; readonly returnTo: string }
  /** Where the result is sent; absent when it is fetched. */
  readonly webhook?: Webhook
  /** Absent until a wallet answered. */
  readonly settled?: Settled
  /** The browser that asked came back; of no meaning across devices. */
  readonly returned?: true
}

/** Where a result is sent to, and what the receiver knows it by. */
export interface Webhook {
  readonly url: string
  /** The platform's own word for the request: nothing of a person. */
  readonly reference: string
}

/** What came of it. `answeredAt`: seconds since the epoch. */
export type Settled =
  | {
      readonly outcome: 'verified' | 'refused'
      readonly answeredAt: number
      /** By the id of the query; claims are in them only when the outcome is `verified`. Empty where none may be told. */
      readonly reports: Readonly<Record<string, QueryReport>>
      /** Places of the transactions that nothing authorized, from 0 as they were asked; absent where there are none. */
      readonly unauthorized?: readonly number[]
      /** Why nothing was kept although the presentations were good: the answer came home to another session. */
      readonly reason?: 'other_session'
    }
  | {
      readonly outcome: 'declined'
      readonly answeredAt: number
      /** As the wallet wrote it: printable ASCII, but a stranger's. */
      readonly error: AuthorizationErrorCode
    }

/**
 * The result as who asked sees it. `awaiting_return`: a wallet answered, and the browser that asked has not come
 * back yet. `expired`: not answered in time, never came back, or the result was deleted since.
 */
export type PresentationResult =
  | {
      readonly outcome: 'pending'
      /** Answers that changed nothing since nothing proves their issuers here, the first few; absent when none came, and on the same device. */
      readonly attempts?: readonly Attempt[]
    }
  | { readonly outcome: 'awaiting_return' | 'expired' }
  | (Settled & { readonly flow: Flow })

/** On the presentations of an answer, each by the id of its query, in the order of the queries. */
export type Reports = readonly (readonly [queryId: string, report: QueryReport])[]

/** What the reports are held against. */
export interface Wanted {
  /** Absent: every one of the reports is needed. */
  readonly dcql?: DcqlQuery
  /** Places of the transactions that nothing authorizes; absent: none. */
  readonly unauthorized?: readonly number[]
}

/**
 * What passed must answer the whole query (OpenID4VP §8.6), and every transaction be authorized: if it does not, nothing
 * of what was shown is kept; if it does, what did not pass, or answers nothing that was asked for, is passed over.
 */
export function settle(
  reports: Reports,
  answeredAt: number,
  { dcql, unauthorized = [] }: Wanted = {},
): Settled {
  const good = new Set(reports.filter(([, { verified }]) => verified).map(([id]) => id))
  const { isMet, counted } =
    dcql === undefined
      ? { isMet: reports.every(([, { verified }]) => verified), counted: good }
      : countedFor(dcql, good)
  const verified = isMet && counted.size > 0 && unauthorized.length === 0
  const isKept = (id: string, report: QueryReport): boolean => verified && report.verified && counted.has(id)
  const told = reports.map(
    ([id, report]) => [id, isKept(id, report) ? report : withoutClaims(report)] as const,
  )
  return {
    outcome: verified ? 'verified' : 'refused',
    answeredAt,
    reports: byQuery(told),
    ...(unauthorized.length === 0 ? {} : { unauthorized }),
  }
}

/** What may be told of an answer that changed nothing. */
export function withoutAnyClaims(reports: Reports): Readonly<Record<string, QueryReport>> {
  return byQuery(reports.map(([id, report]) => [id, withoutClaims(report)] as const))
}

/** A query may be called `__proto__`: an assignment would lose its report. */
function byQuery(reports: Reports): Readonly<Record<string, QueryReport>> {
  const ids = [...new Set(reports.map(([id]) => id))]
  return Object.fromEntries(
    ids.flatMap((id) => {
      const ofOne = reports.filter(([other]) => other === id).map(([, report]) => report)
      // What passed is told first: it is what a platform looks at.
      const [first, ...others] = ofOne.toSorted((a, b) => Number(b.verified) - Number(a.verified))
      if (first === undefined) return []
      return [[id, others.length === 0 ? first : { ...first, others }] as const]
    }),
  )
}

/**
 * Whether a judged answer may settle the request. Whoever saw the link knows its nonce and state, so an answer
 * counts only when its holder signed over both and over what is shown: rubbish changes nothing (OpenID4VP §14.4.2).
 *
 * @param unbound queries whose presentations bring no holder's signature, and need none
 */
export function answersTheRequest(reports: Reports, unbound: ReadonlySet<string> = new Set()): boolean {
  const isDecisive = (id: string, code: string): boolean =>
    code === 'issuer_signature' || (decisive.has(code) && !unbound.has(id))
  return (
    reports.length > 0 &&
    reports.every(([id, { checks }]) =>
      checks.every(({ code, outcome }) => outcome === 'pass' || !isDecisive(id, code)),
    )
  )
}

/** A holder's signature is looked at only under a valid one of an issuer. */
const decisive: ReadonlySet<string> = new Set(['holder_signature', 'nonce', 'audience', 'presentation_hash'])

/**
 * What may be told of a presentation now. On the same device whoever started it may have had somebody else finish it:
 * of a refused answer, which brings no browser home, no more is told than that it was refused (§14.3).
 */
export function resultOf({ settled, returned, flow }: PresentationRecord): PresentationResult {
  if (settled === undefined) return { outcome: 'pending' }
  if (flow !== 'same_device' || returned === true) return { ...settled, flow }
  if (settled.outcome !== 'refused') return { outcome: 'awaiting_return' }
  return { outcome: 'refused', answeredAt: settled.answeredAt, reports: {}, flow }
}

/** The answer came home to a session that did not ask: who showed is not who asked, and nothing is kept. */
export function refusedForSession(settled: Settled): Settled {
  if (settled.outcome === 'declined') return settled
  return {
    outcome: 'refused',
    answeredAt: settled.answeredAt,
    reports: withoutAnyClaims(Object.entries(settled.reports)),
    reason: 'other_session',
  }
}

/** Why an answer was refused, in words that are safe to show to anyone. */
export function reasonOf(settled: Settled): string | undefined {
  if (settled.outcome !== 'refused') return undefined
  if (settled.reason === 'other_session')
    return 'The answer came back in another session than the one that asked.'
  const checks = Object.values(settled.reports).flatMap(({ checks, others = [] }) => [
    ...checks,
    ...others.flatMap((other) => other.checks),
  ])
  const wrong = checks.find(({ outcome }) => outcome === 'fail' || outcome === 'undetermined')
  // Where all that was shown is good, a transaction was left open by a credential that was not shown.
  return wrong?.text ?? 'A transaction was authorized by none of the credentials that it names.'
}
