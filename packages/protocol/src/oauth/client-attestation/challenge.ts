/**
 * Challenges of servers for proofs of client attestations: from an endpoint of their own, or in a header of any
 * response; the newest counts. OAuth 2.0 Attestation-Based Client Authentication, §6.1, §6.2.
 *
 * ```
 * {"attestation_challenge":"AYjcyMzY3ZDhiNmJkNTZ"}
 * ```
 */
import { JSON_MEDIA_TYPE, jsonResponse, NO_STORE, readAnswer } from '../../body.ts'
import { members, type Plain, type Reads, readMessage, type Same, text } from '../../read.ts'
import type { WireRequest, WireResponse } from '../../wire.ts'

export interface AttestationChallengeResponse {
  readonly attestation_challenge: string
}

/** Codes of §7.4, beside `invalid_client`. */
export type ClientAttestationError =
  | 'use_attestation_challenge'
  | 'use_fresh_attestation'
  | 'invalid_client_attestation'

export const ATTESTATION_CHALLENGE_HEADER = 'oauth-client-attestation-challenge'

/** Characters of a challenge. */
export const ATTESTATION_CHALLENGE_LENGTH = 1024

/** What a header carries; two of them are joined by a comma and a blank. */
const CHALLENGE = /^[\x21-\x2B\x2D-\x7E]{1,1024}$/

const schema = members({ attestation_challenge: text(ATTESTATION_CHALLENGE_LENGTH) })

true satisfies Same<Plain<AttestationChallengeResponse>, Reads<typeof schema>>

/** §6.1: a POST without body. */
export function attestationChallengeRequest(endpoint: string): WireRequest {
  return { method: 'POST', url: endpoint, headers: { accept: JSON_MEDIA_TYPE } }
}

/** Kept by no cache (§6.1). */
export function writeAttestationChallengeResponse(response: AttestationChallengeResponse): WireResponse {
  return jsonResponse(JSON.stringify(response), NO_STORE)
}

/** @throws {ProtocolError} `message_malformed`, `message_too_large`, `content_type_unexpected` */
export function readAttestationChallengeResponse(response: WireResponse): AttestationChallengeResponse {
  return readMessage(schema, readAnswer(response, JSON_MEDIA_TYPE), { name: 'attestation challenge' })
}

/** The same response with a challenge for the next proof. */
export function withAttestationChallenge(response: WireResponse, challenge: string): WireResponse {
  return { ...response, headers: { ...response.headers, [ATTESTATION_CHALLENGE_HEADER]: challenge } }
}

/** The challenge that a response brings in its header; absent when it brings none, or none that can be sent back. */
export function findAttestationChallenge({ headers }: Pick<WireResponse, 'headers'>): string | undefined {
  const challenge = headers[ATTESTATION_CHALLENGE_HEADER]
  return challenge !== undefined && CHALLENGE.test(challenge) ? challenge : undefined
}
