/**
 * The wallet's answer by `direct_post`: read, judged, and settled once. OpenID4VP 1.0 §8.2, §8.6.
 *
 * A message that cannot be read changes nothing. One that can settles the presentation, whatever
 * the judgement is: there is no second guess at a nonce.
 */
import { writeErrorResponse } from '@facet-id/protocol/oauth'
import {
  type AuthorizationResponse,
  readAuthorizationResponse,
  writeDirectPostAnswer,
} from '@facet-id/protocol/openid4vp'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import { VerifierError } from '../error.ts'
import { judgePresentation } from '../journeys/judge.ts'
import { reasonOf, type Settled, settle } from '../presentation.ts'
import { findPresentation, type StandingPresentation, settlePresentation } from '../presentation-store.ts'
import type { QueryReport } from '../query-report.ts'
import type { Verifying } from '../verifying.ts'
import { presentationsFor } from '../vp-token.ts'

/**
 * @throws {VerifierError} `presentation_unknown`, `presentation_answered`, `state_mismatch`,
 * `vp_token_unfit`; `port_failed`
 * @throws {ProtocolError} those of `readAuthorizationResponse`
 */
export async function answerResponse(
  request: WireRequest,
  requestId: string,
  verifying: Verifying,
): Promise<WireResponse> {
  const { ports, settings } = verifying
  const answer = readAuthorizationResponse(request)
  const standing = await standingFor(answer, requestId, verifying)
  const settled = await settledBy(answer, standing, verifying)
  const until = ports.now() + settings.resultLifetime
  const kept = await ports.store.commit([settlePresentation(standing, settled, until)])
  if (!kept.ok) throw answeredBefore()
  const reason = reasonOf(settled)
  return reason === undefined
    ? writeDirectPostAnswer({})
    : writeErrorResponse({ status: 400, error: 'invalid_request' }, reason)
}

async function standingFor(
  answer: AuthorizationResponse,
  requestId: string,
  { ports }: Verifying,
): Promise<StandingPresentation> {
  const standing = await findPresentation(ports.store, requestId)
  if (standing === undefined)
    throw new VerifierError('presentation_unknown', 'This request is unknown or over; ask for a new one')
  if (standing.record.settled !== undefined) throw answeredBefore()
  if (answer.state !== requestId)
    throw new VerifierError('state_mismatch', 'The answer must carry the state of this request')
  return standing
}

async function settledBy(
  answer: AuthorizationResponse,
  standing: StandingPresentation,
  verifying: Verifying,
): Promise<Settled> {
  const answeredAt = verifying.ports.now()
  if ('error' in answer) return { outcome: 'declined', answeredAt, error: answer.error }
  const { record } = standing
  const reports: [queryId: string, report: QueryReport][] = []
  for (const { query, presentation } of presentationsFor(record.dcql_query, answer.vp_token)) {
    const report = await judgePresentation(presentation, { query, nonce: record.nonce }, verifying)
    reports.push([query.id, report])
  }
  return settle(reports, answeredAt)
}

function answeredBefore(): VerifierError {
  return new VerifierError(
    'presentation_answered',
    'This request was answered before, or is over by now; an answer counts once',
  )
}
