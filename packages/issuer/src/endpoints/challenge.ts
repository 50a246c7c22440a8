/** Challenge endpoint: open to all, remembers nothing. Attestation-Based Client Authentication §6.1. */
import { writeAttestationChallengeResponse } from '@facet-id/protocol/oauth/client-attestation'
import type { WireResponse } from '@facet-id/protocol/wire'
import type { Issuing } from '../issuing.ts'
import { nextChallenge } from './sender.ts'

export async function answerChallenge({ ports }: Pick<Issuing, 'ports'>): Promise<WireResponse> {
  return writeAttestationChallengeResponse({ attestation_challenge: nextChallenge(ports) })
}
