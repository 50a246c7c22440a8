/**
 * An answer as the request wanted it: opened where it must come encrypted, in the clear where it may. OpenID4VP 1.0
 * §8.3. What is in it is as little believed as what comes in the clear: anybody can encrypt (§14.6).
 */
import type { Jwe } from '@facet-id/credential/jwe'
import type { AuthorizationResponse } from '@facet-id/protocol/openid4vp'
import { type PostedResponse, readResponsePayload } from '@facet-id/protocol/openid4vp/response'
import { VerifierError } from '../error.ts'
import type { PresentationRecord } from '../result/presentation.ts'
import type { Verifying } from '../verifying.ts'

/**
 * @throws {VerifierError} `answer_not_encrypted`, `answer_undecryptable`
 * @throws {ProtocolError} those of `readResponsePayload`; `feature_unsupported` is not among them
 */
export async function openAnswer(
  posted: PostedResponse,
  record: PresentationRecord,
  verifying: Verifying,
): Promise<AuthorizationResponse> {
  if (posted.by === 'encryption') return readResponsePayload(await opened(posted.jwe, record, verifying))
  // §8.3.1: a wallet that cannot encrypt may say its error in the clear, and nothing else.
  if (record.decryption !== undefined && 'vp_token' in posted.response) {
    throw new VerifierError('answer_not_encrypted', 'The answer to this request must be encrypted')
  }
  return posted.response
}

async function opened(
  jwe: Jwe,
  { decryption }: PresentationRecord,
  { ports }: Verifying,
): Promise<Uint8Array> {
  const { encryption } = ports
  // The header is held against what was offered: `alg` and `enc` by who read it, the key here.
  if (decryption === undefined || encryption === undefined || jwe.header.kid !== decryption.kid)
    throw unopened()
  try {
    return await encryption.openerOf(decryption)(jwe)
  } catch (cause) {
    throw unopened(cause)
  }
}

/** In one way, whatever is wrong: who sends must not learn why. */
function unopened(cause?: unknown): VerifierError {
  return new VerifierError('answer_undecryptable', 'The answer is not encrypted to the key of this request', {
    cause,
  })
}
