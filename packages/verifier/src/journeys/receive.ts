/**
 * An answer that came to the page that asked: in its address (`fragment`, `query`), or from its platform (`dc_api`,
 * `dc_api.jwt`). The page hands it to its server, whose session knows the transaction. OpenID4VP 1.0 §5.6, §A.4.
 */
import { CredentialError } from '@facet-id/credential/error'
import type { JsonValue } from '@facet-id/credential/json'
import { readPlatformResponse } from '@facet-id/protocol/openid4vp/platform'
import { type PostedResponse, readRedirectResponse } from '@facet-id/protocol/openid4vp/response'
import { offeredEncryptions } from '../asking/request-record.ts'
import { VerifierError } from '../error.ts'
import { type PresentationRecord, type PresentationResult, resultOf } from '../result/presentation.ts'
import type { Verifying } from '../verifying.ts'
import { openAnswer, openedIfKnown, unopened } from './open-answer.ts'
import { tell } from './return.ts'
import { standingPresentation } from './standing.ts'
import { takeAnswer } from './take-answer.ts'

/** `parameters`: of the page's address, without `#` or `?`. `data`: of what the platform gave. */
export type PageAnswer = { readonly parameters: string } | { readonly data: JsonValue }

/**
 * @throws {VerifierError} `presentation_unknown`, `presentation_answered`, `state_mismatch`, `vp_token_unfit`,
 * `answer_unproven`, `answer_not_encrypted`, `answer_undecryptable`; `port_failed`
 * @throws {ProtocolError} for an answer that cannot be read
 */
export async function receive(
  requestId: string,
  answer: PageAnswer,
  verifying: Verifying,
): Promise<PresentationResult> {
  const standing = await standingPresentation(requestId, verifying)
  const posted = await openedIfKnown(read(answer, standing.record), verifying)
  const opened = await openAnswer(posted, standing.record, verifying)
  // Over the Digital Credentials API there is no state (§A.2): the nonce in what was signed binds the answer.
  if ('parameters' in answer && opened.state !== requestId) {
    throw new VerifierError('state_mismatch', 'The answer must carry the state of this request')
  }
  const record = await takeAnswer(opened, standing.record, verifying)
  const kept = await verifying.ports.store.commit(tell(standing, record, verifying))
  if (!kept.ok) {
    throw new VerifierError(
      'presentation_answered',
      'This request was answered before; an answer counts once',
    )
  }
  verifying.announcements.announce(requestId)
  return resultOf(record)
}

function read(answer: PageAnswer, { response_mode }: PresentationRecord): PostedResponse {
  const isInAddress = response_mode === 'fragment' || response_mode === 'query'
  if ('parameters' in answer && isInAddress) {
    return { by: 'clear', response: readRedirectResponse(answer.parameters) }
  }
  if ('data' in answer && response_mode.startsWith('dc_api')) {
    return readPlatform(answer.data)
  }
  throw new VerifierError('presentation_unknown', 'The answer to this request does not come in this way')
}

/** What has not even the form of a JWE is no more encrypted to the key of the request than what is to another. */
function readPlatform(data: JsonValue): PostedResponse {
  try {
    return readPlatformResponse(data, offeredEncryptions)
  } catch (cause) {
    if (cause instanceof CredentialError) throw unopened(cause)
    throw cause
  }
}
