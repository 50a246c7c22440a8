/**
 * Judges an answer where nothing can be asked and nobody is waited for: pure, from the request, what was presented and
 * material that says its age. The same checks as online, in the same order, by the same code.
 */
import { beginJudgement, nextQuestion, reportOf, takeAnswer } from '@facet-id/credential/sd-jwt-vc'
import type { VpToken } from '@facet-id/protocol/openid4vp'
import type { CredentialQuery, DcqlQuery } from '@facet-id/protocol/openid4vp/dcql'
import { expectationsFor, type RequestFacts } from '../judging/expectations.ts'
import { type QueryReport, queryReport } from '../judging/query-report.ts'
import { type JudgedPresentation, withTransactions } from '../judging/transactions.ts'
import { presentationsFor } from '../judging/vp-token.ts'
import { type Reports, settle } from '../result/presentation.ts'
import { answerQuestion, type Notes } from './answer-question.ts'
import type { Material, Used } from './material.ts'

/** The request that is answered. */
export interface Requested extends RequestFacts {
  readonly dcql_query: DcqlQuery
  /** As they were sent; absent: nothing was to be authorized. */
  readonly transaction_data?: readonly string[]
}

export interface OfflineReport {
  readonly outcome: 'verified' | 'refused'
  /** By the id of the query; claims are in them only when the outcome is `verified`, and only those asked for. */
  readonly reports: Readonly<Record<string, QueryReport>>
  /** What it went by; what a credential says itself has no age, and is not in it. */
  readonly used: readonly Used[]
  /** The age of the oldest of it, seconds; 0 where nothing was used that ages. */
  readonly staleness: number
}

/**
 * @throws {VerifierError} `vp_token_unfit`: it is no answer to the query
 * @throws {ProtocolError} `transaction_data_invalid`: the request's own
 */
export function judge(token: VpToken, requested: Requested, material: Material): OfflineReport {
  const { dcql_query, transaction_data: texts = [], now } = requested
  const used: Used[] = []
  const judged: JudgedPresentation[] = presentationsFor(dcql_query, token).map(({ query, presentation }) => ({
    queryId: query.id,
    presentation,
    report: judgeOne(presentation, query, { requested, material, used }),
  }))
  const reports: Reports = withTransactions(judged, { texts, query: dcql_query, hash: material.hash }).map(
    ({ queryId, report }) => [queryId, report] as const,
  )
  const settled = settle(reports, now, dcql_query)
  if (settled.outcome === 'declined') throw new TypeError('an answer with presentations declines nothing')
  return {
    outcome: settled.outcome,
    reports: settled.reports,
    used,
    staleness: Math.max(0, ...used.map(({ age }) => age)),
  }
}

function judgeOne(
  presentation: string,
  query: CredentialQuery,
  given: { readonly requested: Requested; readonly material: Material; readonly used: Used[] },
): QueryReport {
  const { requested, material, used } = given
  const { now } = requested
  const notes: Notes = { used, evidence: {}, authorities: {} }
  let judgement = beginJudgement(presentation, expectationsFor(presentation, query, requested), material.hash)
  for (let asked = nextQuestion(judgement); asked !== undefined; asked = nextQuestion(judgement)) {
    judgement = takeAnswer(judgement, answerQuestion(asked, material, { now, notes }))
  }
  return queryReport(reportOf(judgement), query, { authorities: notes.authorities })
}
