/**
 * Challenge endpoint: open to all, remembers nothing. Attestation-Based Client Authentication §6.1. A nonce comes along
 * for the DPoP proof that will stand beside (RFC 9449 §8.2), so that the first request is not refused for it.
 */
import { writeAttestationChallengeResponse } from '@facet-id/protocol/oauth/client-attestation'
import type { WireResponse } from '@facet-id/protocol/wire'
import type { Issuing } from '../issuing.ts'
import { nextChallenge, withNextNonce } from './sender.ts'

export async function answerChallenge({ ports }: Pick<Issuing, 'ports'>): Promise<WireResponse> {
  const response = writeAttestationChallengeResponse({ attestation_challenge: nextChallenge(ports) })
  return withNextNonce(response, { ports })
}
