/**
 * An answer, whichever way it came: judged, and settled once. OpenID4VP 1.0 §8.6.
 *
 * What nobody signed for this request changes nothing. The first answer that was signed for it, over a credential of an
 * issuer that is believed, settles it, whatever the judgement is. In between is one whose holder signed for it, over
 * credentials of issuers that cannot be proven, or are not believed, here: it settles nothing, and why is kept beside
 * the request. Anybody can make one of those; what a passer-by who saw the link can do is say an error (0007).
 */
import type { AuthorizationResponse } from '@facet-id/protocol/openid4vp'
import { audienceOf } from '../asking/request-record.ts'
import { VerifierError } from '../error.ts'
import { attemptOf, holderCheckOf, type UnsettledAnswer } from '../judging/attempt.ts'
import { needsBinding } from '../judging/expectations.ts'
import { type JudgedPresentation, withTransactions } from '../judging/transactions.ts'
import { presentationsFor } from '../judging/vp-token.ts'
import { keepAttempt } from '../result/attempt-store.ts'
import {
  answersTheRequest,
  type PresentationRecord,
  type Reports,
  reasonOf,
  type Settled,
  settle,
  withoutAnyClaims,
} from '../result/presentation.ts'
import type { Verifying } from '../verifying.ts'
import { judgePresentation } from './judge.ts'

/** @throws {VerifierError} `vp_token_unfit`, `answer_unproven`, `port_failed` */
export async function takeAnswer(
  answer: AuthorizationResponse,
  record: PresentationRecord,
  verifying: Verifying,
): Promise<PresentationRecord> {
  // The key of the answer has served: what was encrypted to it is not opened again.
  const { decryption: _, ...rest } = record
  return { ...rest, settled: await settledBy(answer, record, verifying) }
}

async function settledBy(
  answer: AuthorizationResponse,
  record: PresentationRecord,
  verifying: Verifying,
): Promise<Settled> {
  const answeredAt = verifying.ports.now()
  if ('error' in answer) return { outcome: 'declined', answeredAt, error: answer.error }
  const { nonce, dcql_query, transaction_data = [] } = record
  const asked = { nonce, audience: audienceOf(record) }
  const judged: JudgedPresentation[] = []
  const strangers = new Set<string>()
  const unbound = new Set<string>()
  for (const { query, presentation } of presentationsFor(dcql_query, answer.vp_token)) {
    const { report, isOfStranger } = await judgePresentation(presentation, { query, ...asked }, verifying)
    judged.push({ queryId: query.id, presentation, report })
    if (isOfStranger) strangers.add(presentation)
    if (!needsBinding(presentation, query)) unbound.add(query.id)
  }
  const given = { texts: transaction_data, query: dcql_query, hash: verifying.ports.hash }
  const { judged: told, unauthorized } = withTransactions(judged, given)
  const reports = told.map(({ queryId, report }) => [queryId, report] as const)
  if (!answersTheRequest(reports, unbound) || judged.every((one) => strangers.has(one.presentation))) {
    const isOfStranger = judged.map(({ presentation }) => strangers.has(presentation))
    await noteAttempt(record, { judged, reports, isOfStranger }, verifying)
    refuse(record, reports, verifying)
  }
  return settle(reports, answeredAt, { dcql: dcql_query, unauthorized })
}

interface Noted extends UnsettledAnswer {
  readonly judged: readonly JudgedPresentation[]
}

/** A few are kept, of senders that took the trouble to sign for this request: rubbish would fill the disk. */
async function noteAttempt(
  record: PresentationRecord,
  { judged, ...answer }: Noted,
  { ports, settings }: Verifying,
): Promise<void> {
  const { store, hash, now, checkSignatures } = ports
  const attempt = attemptOf(answer, now())
  if (attempt === undefined) return
  const asked = { nonce: record.nonce, audience: audienceOf(record), algs: settings.algs, hash }
  const checks = judged.flatMap(({ presentation }) => holderCheckOf(presentation, asked) ?? [])
  if (checks.length < judged.length) return
  const verdicts = await checkSignatures(checks)
  if (verdicts.every((verdict) => verdict === 'valid')) await keepAttempt(store, attempt, record)
}

/** Who runs the verifier may want to hear of it. */
function refuse({ requestId }: PresentationRecord, answer: Reports, { ports }: Verifying): never {
  const reports = withoutAnyClaims(answer)
  try {
    ports.onRefusedAnswer?.({ requestId, reports })
  } catch {
    // There is nobody left to tell.
  }
  const why = reasonOf({ outcome: 'refused', answeredAt: 0, reports })
  throw new VerifierError('answer_unproven', why ?? 'The answer was not signed for this request')
}
