/** The wallet's answer by `direct_post` and `direct_post.jwt`. OpenID4VP 1.0 §8.2, §8.3.1. */
import { writeBase64url } from '@facet-id/credential/base64url'
import { writeErrorResponse } from '@facet-id/protocol/oauth'
import { writeDirectPostAnswer } from '@facet-id/protocol/openid4vp'
import { readPostedResponse } from '@facet-id/protocol/openid4vp/response'
import type { WireRequest, WireResponse } from '@facet-id/protocol/wire'
import type { Op } from '@facet-id/store'
import { offeredEncryptions } from '../asking/request-record.ts'
import { withResponseCode } from '../asking/return-address.ts'
import { VerifierError } from '../error.ts'
import { openAnswer, openedIfKnown, type ReceivedAnswer } from '../journeys/open-answer.ts'
import { tell } from '../journeys/return.ts'
import { standingPresentation } from '../journeys/standing.ts'
import { takeAnswer } from '../journeys/take-answer.ts'
import { type PresentationRecord, reasonOf } from '../result/presentation.ts'
import { keepResponseCode } from '../result/presentation-store.ts'
import type { Verifying } from '../verifying.ts'

/**
 * @param addressed the request that the address names; empty where all answers go to one address
 * @throws {VerifierError} `presentation_unknown`, `presentation_answered`, `state_mismatch`, `vp_token_unfit`,
 * `answer_unproven`, `answer_not_encrypted`, `answer_undecryptable`; `port_failed`
 * @throws {ProtocolError} those of `readPostedResponse`
 */
export async function answerResponse(
  request: WireRequest,
  addressed: string,
  verifying: Verifying,
): Promise<WireResponse> {
  const { ports } = verifying
  // Where the address names a request that does not wait, nothing of what was sent is worth reading.
  const waiting = addressed === '' ? undefined : await standingPresentation(addressed, verifying)
  const posted = await openedIfKnown(readPostedResponse(request, offeredEncryptions), verifying)
  const standing = waiting ?? (await standingPresentation(named(posted), verifying))
  const { requestId } = standing.record
  if (!standing.record.response_mode.startsWith('direct_post')) throw elsewhere()
  const answer = await openAnswer(posted, standing.record, verifying)
  if (answer.state !== requestId)
    throw new VerifierError('state_mismatch', 'The answer must carry the state of this request')
  const record = await takeAnswer(answer, standing.record, verifying)
  const home = homewards(record, verifying)
  const kept = await ports.store.commit([...tell(standing, record, verifying), ...home.ops])
  if (!kept.ok) throw answeredBefore()
  verifying.announcements.announce(requestId)
  const reason = record.settled === undefined ? undefined : reasonOf(record.settled)
  return reason === undefined
    ? writeDirectPostAnswer(home.redirect_uri === undefined ? {} : { redirect_uri: home.redirect_uri })
    : writeErrorResponse({ status: 400, error: 'invalid_request' }, reason)
}

/** At one address for all an answer says which request it is for: by its state, or by the key that it is encrypted to. */
function named(posted: ReceivedAnswer): string {
  const id = posted.by === 'encryption' ? posted.jwe.header.kid : posted.response.state
  if (id !== undefined) return id
  throw new VerifierError('state_mismatch', 'The answer must carry the state of its request')
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

function elsewhere(): VerifierError {
  return new VerifierError('presentation_unknown', 'The answer to this request does not come here')
}

function answeredBefore(): VerifierError {
  return new VerifierError(
    'presentation_answered',
    'This request was answered before, or is over by now; an answer counts once',
  )
}
