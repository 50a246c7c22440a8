/**
 * The wallet's answer by `direct_post`: read, judged, and settled once. OpenID4VP 1.0 §8.2, §8.6.
 *
 * A message that cannot be read changes nothing, nor does one that nobody signed for this request: a passer-by
 * who saw the link cannot use it up. The first that was signed for it settles it, whatever the judgement is.
 */
import { writeBase64url } from '@facet-id/credential/base64url'
import { writeErrorResponse } from '@facet-id/protocol/oauth'
import {
  type AuthorizationResponse,
  readAuthorizationResponse,
  writeDirectPostAnswer,
} from '@facet-id/protocol/openid4vp'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import type { Op } from '@facet-id/store'
import { VerifierError } from '../error.ts'
import { needsBinding } from '../expectations.ts'
import { judgePresentation } from '../journeys/judge.ts'
import { tell } from '../journeys/return.ts'
import {
  answersTheRequest,
  type PresentationRecord,
  type Reports,
  reasonOf,
  type Settled,
  settle,
  withoutAnyClaims,
} from '../presentation.ts'
import { findPresentation, keepResponseCode, type StandingPresentation } from '../presentation-store.ts'
import type { QueryReport } from '../query-report.ts'
import { withResponseCode } from '../return-address.ts'
import type { Verifying } from '../verifying.ts'
import { presentationsFor } from '../vp-token.ts'

/**
 * @throws {VerifierError} `presentation_unknown`, `presentation_answered`, `state_mismatch`,
 * `vp_token_unfit`, `answer_unproven`; `port_failed`
 * @throws {ProtocolError} those of `readAuthorizationResponse`
 */
export async function answerResponse(
  request: WireRequest,
  requestId: string,
  verifying: Verifying,
): Promise<WireResponse> {
  const { ports } = verifying
  const answer = readAuthorizationResponse(request)
  const standing = await standingFor(answer, requestId, verifying)
  const settled = await settledBy(answer, standing, verifying)
  const record: PresentationRecord = { ...standing.record, settled }
  const home = homewards(record, verifying)
  const kept = await ports.store.commit([...tell(standing, record, verifying), ...home.ops])
  if (!kept.ok) throw answeredBefore()
  verifying.announcements.announce(requestId)
  const reason = reasonOf(settled)
  return reason === undefined
    ? writeDirectPostAnswer(home.redirect_uri === undefined ? {} : { redirect_uri: home.redirect_uri })
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
  const asked = { nonce: record.nonce, audience: verifying.settings.client_id }
  const reports: [queryId: string, report: QueryReport][] = []
  const unbound = new Set<string>()
  for (const { query, presentation } of presentationsFor(record.dcql_query, answer.vp_token)) {
    reports.push([query.id, await judgePresentation(presentation, { query, ...asked }, verifying)])
    if (!needsBinding(presentation, query)) unbound.add(query.id)
  }
  const settled = settle(reports, answeredAt, record.dcql_query)
  if (!answersTheRequest(reports, unbound)) refuse(record, reports, verifying)
  return settled
}

/** Who runs the verifier may want to hear of it; nothing is written, or rubbish would fill the disk. */
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

/** On the same device: a fresh code, in the address at which the browser that asked goes on. */
function homewards(
  { home, settled, requestId }: PresentationRecord,
  { ports, settings }: Verifying,
): { readonly ops: readonly Op[]; readonly redirect_uri?: string } {
  if (home === undefined || settled === undefined || settled.outcome === 'refused') return { ops: [] }
  const { hash, random, now } = ports
  const code = writeBase64url(random(32))
  const until = now() + settings.resultLifetime
  return {
    ops: [keepResponseCode({ secret: code, requestId, hash, until })],
    redirect_uri: withResponseCode(home.returnTo, code),
  }
}

function answeredBefore(): VerifierError {
  return new VerifierError(
    'presentation_answered',
    'This request was answered before, or is over by now; an answer counts once',
  )
}
