/**
 * How requests to an issuer, and its answers, are encrypted. OpenID4VCI 1.0 §8.2, §10.
 *
 * Whatever can be encrypted is: a token of the network between tells its owner nothing then.
 */
import type { EncryptionJwk, JweEncryption } from '@facet-id/credential/jwe'
import type { CredentialIssuerMetadata } from '@facet-id/protocol/openid4vci'
import { HolderError } from '../error.ts'

export interface EncryptionPlan {
  /** The issuer's, from its own metadata (§13.11). */
  readonly to: EncryptionJwk
  readonly enc: JweEncryption
  /** With what the answer is to be encrypted; absent: it may come in the clear. */
  readonly answerEnc?: JweEncryption
}

/**
 * `undefined`: nothing is encrypted.
 *
 * @param encrypts whether this wallet can
 * @throws {HolderError} `offer_unsupported` when it must be and cannot
 */
export function planEncryption(
  {
    credential_request_encryption: ofRequests,
    credential_response_encryption: ofResponses,
  }: CredentialIssuerMetadata,
  encrypts: boolean,
): EncryptionPlan | undefined {
  const [key] = ofRequests?.jwks.keys ?? []
  const [enc] = ofRequests?.enc_values_supported ?? []
  const [answerEnc] = ofResponses?.enc_values_supported ?? []
  // §8.2: whoever asks for an encrypted answer encrypts the request, or another could put its own key there.
  if (!encrypts || key === undefined || enc === undefined) {
    if (ofRequests?.encryption_required === true || ofResponses?.encryption_required === true) {
      throw new HolderError(
        'offer_unsupported',
        'The issuer demands encryption in a way that this wallet has not',
      )
    }
    return undefined
  }
  return { to: key, enc, ...(answerEnc === undefined ? {} : { answerEnc }) }
}
