/**
 * Judges an answer where nothing can be asked and nobody is waited for: pure, from the request, what was presented and
 * material that says its age. The same checks as online, in the same order, by the same code.
 *
 * All that costs is in the signatures, and they are data: of many answers they can be checked at once, on several cores.
 */
import { CredentialError } from '@facet-id/credential/error'
import type { SignatureCheck, Verdict } from '@facet-id/credential/jose'
import {
  beginJudgement,
  type Judgement,
  nextQuestion,
  reportOf,
  takeAnswer,
} from '@facet-id/credential/sd-jwt-vc'
import type { VpToken } from '@facet-id/protocol/openid4vp'
import type { CredentialQuery, DcqlQuery } from '@facet-id/protocol/openid4vp/dcql'
import { expectationsFor, type RequestFacts } from '../judging/expectations.ts'
import { type QueryReport, queryReport } from '../judging/query-report.ts'
import { type JudgedPresentation, withTransactions } from '../judging/transactions.ts'
import { presentationsFor } from '../judging/vp-token.ts'
import { type Reports, settle } from '../result/presentation.ts'
import { answerQuestion, type Notes } from './answer-question.ts'
import type { Material, MaterialAtHand, Used } from './material.ts'

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
  /** Places of the transactions that nothing authorized, from 0; absent where there are none. */
  readonly unauthorized?: readonly number[]
  /** What it went by; what a credential says itself has no age, and is not in it. */
  readonly used: readonly Used[]
  /** The age of the oldest of it, seconds; 0 where nothing was used that ages. */
  readonly staleness: number
}

/** An answer of which nothing is left to find out but whether its signatures hold. */
export interface AnswerJudgement {
  readonly requested: Requested
  readonly material: MaterialAtHand
  readonly parts: readonly Part[]
}

interface Part {
  readonly query: CredentialQuery
  readonly presentation: string
  /** It asks for verdicts, or has come to its report. */
  readonly judgement: Judgement
  readonly notes: Notes
}

/**
 * @throws {VerifierError} `vp_token_unfit`: it is no answer to the query
 * @throws {ProtocolError} `transaction_data_invalid`: the request's own
 */
export function judge(token: VpToken, requested: Requested, material: Material): OfflineReport {
  const judgement = beginAnswer(token, requested, material)
  return judgeAnswer(judgement, material.checkSignatures(checksOfAnswer(judgement)))
}

/** @throws {VerifierError} `vp_token_unfit`: it is no answer to the query */
export function beginAnswer(token: VpToken, requested: Requested, material: MaterialAtHand): AnswerJudgement {
  const parts = presentationsFor(requested.dcql_query, token).map(({ query, presentation }) => {
    const notes: Notes = { used: [], evidence: {}, authorities: {} }
    const expected = expectationsFor(presentation, query, requested)
    const begun = beginJudgement(presentation, expected, material.hash)
    return { query, presentation, notes, judgement: advance(begun, { requested, material, notes }) }
  })
  return { requested, material, parts }
}

/** The signatures that must hold: of issuers and holders, in the order of the presentations. */
export function checksOfAnswer({ parts }: AnswerJudgement): readonly SignatureCheck[] {
  return parts.flatMap(checksOf)
}

/**
 * Takes in one verdict for each check, in order.
 *
 * @throws {CredentialError} `not_ready` for another number of verdicts
 * @throws {ProtocolError} `transaction_data_invalid`: the request's own
 */
export function judgeAnswer(
  { requested, material, parts }: AnswerJudgement,
  verdicts: readonly Verdict[],
): OfflineReport {
  const { dcql_query, transaction_data: texts = [], now } = requested
  const used: Used[] = []
  const judged: JudgedPresentation[] = []
  let next = 0
  for (const part of parts) {
    const end = next + checksOf(part).length
    const notes: Notes = { ...part.notes, used: [...part.notes.used] }
    const given = { requested, material, notes }
    const report = concluded(part, verdicts.slice(next, end), given)
    judged.push({ queryId: part.query.id, presentation: part.presentation, report })
    used.push(...notes.used)
    next = end
  }
  if (next !== verdicts.length)
    throw new CredentialError('not_ready', 'A judgement takes one verdict for each signature it asked about')
  const given = { texts, query: dcql_query, hash: material.hash }
  const { judged: told, unauthorized } = withTransactions(judged, given)
  const reports: Reports = told.map(({ queryId, report }) => [queryId, report] as const)
  const settled = settle(reports, now, { dcql: dcql_query, unauthorized })
  if (settled.outcome === 'declined') throw new TypeError('an answer with presentations declines nothing')
  return {
    outcome: settled.outcome,
    reports: settled.reports,
    ...(settled.unauthorized === undefined ? {} : { unauthorized: settled.unauthorized }),
    used,
    staleness: Math.max(0, ...used.map(({ age }) => age)),
  }
}

function checksOf({ judgement }: Part): readonly SignatureCheck[] {
  const asked = nextQuestion(judgement)
  return asked?.ask === 'verdicts' ? asked.checks : []
}

interface Given {
  readonly requested: Requested
  readonly material: MaterialAtHand
  readonly notes: Notes
}

function concluded({ judgement, query }: Part, verdicts: readonly Verdict[], given: Given): QueryReport {
  const isAsked = nextQuestion(judgement) !== undefined
  const signed = isAsked ? takeAnswer(judgement, { to: 'verdicts', verdicts }) : judgement
  return queryReport(reportOf(advance(signed, given)), query, { authorities: given.notes.authorities })
}

/** Answers from what is at hand until signatures are asked about, or nothing. */
function advance(begun: Judgement, { requested, material, notes }: Given): Judgement {
  let judgement = begun
  for (let asked = nextQuestion(judgement); asked !== undefined; asked = nextQuestion(judgement)) {
    if (asked.ask === 'verdicts') break
    judgement = takeAnswer(judgement, answerQuestion(asked, material, { now: requested.now, notes }))
  }
  return judgement
}
