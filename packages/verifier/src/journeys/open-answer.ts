/**
 * An answer as the request wanted it: opened where it must come encrypted, in the clear where it may. OpenID4VP 1.0
 * §8.3. What is in it is as little believed as what comes in the clear: anybody can encrypt (§14.6).
 */
import type { Jwe } from '@facet-id/credential/jwe'
import type { AuthorizationResponse } from '@facet-id/protocol/openid4vp'
import { type PostedResponse, readResponsePayload } from '@facet-id/protocol/openid4vp/response'
import { VerifierError } from '../error.ts'
import type { PrivateEncryptionKey } from '../ports.ts'
import type { PresentationRecord } from '../result/presentation.ts'
import type { Verifying } from '../verifying.ts'

/** An answer as it came, or opened with a key that serves many requests of one client. */
export type ReceivedAnswer =
  | PostedResponse
  | { readonly by: 'known_key'; readonly client_id: string; readonly response: AuthorizationResponse }

/**
 * Opens what is encrypted to a key that wallets know beforehand: only inside stands which request it is for. All else
 * stays as it is.
 *
 * @throws {VerifierError} `answer_undecryptable`
 * @throws {ProtocolError} those of `readResponsePayload`
 */
export async function openedIfKnown(posted: PostedResponse, verifying: Verifying): Promise<ReceivedAnswer> {
  if (posted.by === 'clear') return posted
  const { kid } = posted.jwe.header
  const all = [...verifying.identities.values()]
  const identity = all.find(({ encryptionKey }) => encryptionKey !== undefined && encryptionKey.kid === kid)
  if (identity?.encryptionKey === undefined) return posted
  const response = readResponsePayload(await opened(posted.jwe, identity.encryptionKey, verifying))
  return { by: 'known_key', client_id: identity.client_id, response }
}

/**
 * @throws {VerifierError} `answer_not_encrypted`, `answer_undecryptable`
 * @throws {ProtocolError} those of `readResponsePayload`; `feature_unsupported` is not among them
 */
export async function openAnswer(
  answer: ReceivedAnswer,
  record: PresentationRecord,
  verifying: Verifying,
): Promise<AuthorizationResponse> {
  const { client_id, decryption, response_mode } = record
  const isEncrypted = response_mode.endsWith('.jwt')
  if (answer.by === 'encryption') return readResponsePayload(await opened(answer.jwe, decryption, verifying))
  if (answer.by === 'known_key') {
    if (isEncrypted && decryption === undefined && answer.client_id === client_id) return answer.response
    throw unopened()
  }
  // §8.3.1: a wallet that cannot encrypt may say its error in the clear, and nothing else.
  if (isEncrypted && 'vp_token' in answer.response) {
    throw new VerifierError('answer_not_encrypted', 'The answer to this request must be encrypted')
  }
  return answer.response
}

async function opened(
  jwe: Jwe,
  key: PrivateEncryptionKey | undefined,
  { ports }: Verifying,
): Promise<Uint8Array> {
  const { encryption } = ports
  // The header is held against what was offered: `alg` and `enc` by who read it, the key here.
  if (key === undefined || encryption === undefined || jwe.header.kid !== key.kid) throw unopened()
  try {
    return await encryption.openerOf(key)(jwe)
  } catch (cause) {
    throw unopened(cause)
  }
}

/** In one way, whatever is wrong: who sends must not learn why. */
export function unopened(cause?: unknown): VerifierError {
  return new VerifierError('answer_undecryptable', 'The answer is not encrypted to the key of this request', {
    cause,
  })
}
