/**
 * Is a client attestation good now, for this client, and was its key proven to us? OAuth 2.0 Attestation-Based
 * Client Authentication §7.1 to §7.3, as drafts 07 to 10 have it.
 *
 * Draft 07 wants `iss` in both tokens, later ones have none: it is compared where it is there, and not demanded.
 */
import type { Hash, Mac } from '@facet-id/credential/jose'
import type {
  AttestationProof,
  AttestedRequest,
  ClientAttestation,
} from '@facet-id/protocol/oauth/client-attestation'
import { IssuerError } from '../error.ts'
import { CLOCK_SKEW_SECONDS, isNonceFresh } from '../issuance/nonce.ts'
import { isJustMade } from './proof-age.ts'

/** What an attestation is held against. */
export interface AttestationRules {
  /** The server's identifier, and no address of an endpoint. */
  readonly audience: string
  /** As the request names it; absent where it does not. */
  readonly clientId?: string
  /** Thumbprint of the key of the request's DPoP proof; absent where it brings none. */
  readonly jkt?: string
  readonly mac: Mac
  /** Seconds since the epoch. */
  readonly now: number
  /** How long a challenge is believed, in seconds. */
  readonly challengeLifetime: number
  /** Whether a proof without a challenge is refused. */
  readonly challenge: 'required' | 'when_present'
}

/**
 * @param instanceJkt thumbprint of the attestation's key
 * @throws {IssuerError} `client_attestation_invalid`, `client_attestation_stale`, `attestation_challenge_needed`
 */
export function checkAttestation(
  { attestation, proof }: AttestedRequest,
  instanceJkt: string,
  rules: AttestationRules,
): void {
  checkTimes(attestation, rules.now)
  if (rules.clientId !== undefined && rules.clientId !== attestation.sub) {
    throw invalid('The sub of the client attestation is another client than the request names')
  }
  if (proof !== undefined) checkProof(proof, attestation, rules)
  // §7.3: without a proof of its own, the key of the attestation is that of the DPoP proof.
  else if (rules.jkt !== instanceJkt) {
    throw invalid('The key of the client attestation is not proven: send a proof of it')
  }
}

/** Under which a proof is remembered. */
export function attestationProofKey({ jti, aud }: AttestationProof, instanceJkt: string, hash: Hash): string {
  return hash('sha-256', `client_attestation\n${aud}\n${instanceJkt}\n${jti}`)
}

export function attestationReplayed(): IssuerError {
  return invalid('Every request needs a proof of the client attestation of its own: this one was used')
}

export function attestationForged(): IssuerError {
  return invalid('The client attestation, or the proof of its key, is not signed by whom it should be')
}

export function providerUnknown(): IssuerError {
  return invalid('Whoever signed the client attestation is no wallet provider that is believed here')
}

function checkTimes({ exp, iat, nbf }: ClientAttestation, now: number): void {
  if (now >= exp) {
    throw new IssuerError(
      'client_attestation_stale',
      'The client attestation is over: get a fresh one from the provider of the wallet',
    )
  }
  if (Math.max(iat ?? 0, nbf ?? 0) > now + CLOCK_SKEW_SECONDS) {
    throw invalid('The client attestation is good at a later time only')
  }
}

function checkProof(proof: AttestationProof, { sub }: ClientAttestation, rules: AttestationRules): void {
  const { audience, mac, now, challengeLifetime: lifetime } = rules
  if (proof.iss !== undefined && proof.iss !== sub) {
    throw invalid('The iss of the attestation proof, where it has one, is the client identifier')
  }
  if (proof.aud !== audience) {
    throw invalid('The audience of the attestation proof is the identifier of the authorization server')
  }
  const { challenge } = proof
  if (
    challenge === undefined
      ? rules.challenge === 'required'
      : !isNonceFresh(challenge, now, { mac, lifetime, purpose: 'client_attestation' })
  ) {
    throw new IssuerError(
      'attestation_challenge_needed',
      'Sign a proof with the challenge of the OAuth-Client-Attestation-Challenge header',
    )
  }
  if (!isJustMade(proof.iat, now)) {
    throw invalid('The attestation proof was not made just now: look at the clock of the device')
  }
}

function invalid(why: string): IssuerError {
  return new IssuerError('client_attestation_invalid', why)
}
