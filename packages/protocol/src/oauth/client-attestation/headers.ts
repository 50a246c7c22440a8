/**
 * How a wallet authenticates: an attestation and its proof, a header each; or the attestation alone, when a DPoP
 * proof beside it is made with the same key. OAuth 2.0 Attestation-Based Client Authentication, §7.1 to §7.3.
 */
import { type JwsAlgorithm, jwsAlgorithms } from '@facet-id/credential/jose'
import { ProtocolError } from '../../error.ts'
import type { WireRequest } from '../../wire.ts'
import {
  CLIENT_ATTESTATION_HEADER,
  type ClientAttestation,
  readClientAttestation,
} from './attestation-jwt.ts'
import { ATTESTATION_PROOF_HEADER, type AttestationProof, readAttestationProof } from './proof-jwt.ts'

/** Names of the two ways in `token_endpoint_auth_methods_supported` (§8). */
export const ATTESTATION_AUTH_METHOD = 'attest_jwt_client_auth'
export const ATTESTATION_DPOP_AUTH_METHOD = 'attest_jwt_client_auth_dpop'

export interface AttestedRequest {
  readonly attestation: ClientAttestation
  /** Absent: the DPoP proof of the request must be made with the attestation's key. */
  readonly proof?: AttestationProof
}

/** The headers of a request that is attested so. */
export function attestationHeaders(attestation: string, proof?: string): WireRequest['headers'] {
  return {
    [CLIENT_ATTESTATION_HEADER]: attestation,
    ...(proof === undefined ? {} : { [ATTESTATION_PROOF_HEADER]: proof }),
  }
}

/**
 * What a request brings of both; `undefined` when it brings neither.
 *
 * @throws {ProtocolError} `client_attestation_malformed`, also where one of them is there twice, or the proof alone
 */
export function findClientAttestation(
  { headers }: Pick<WireRequest, 'headers'>,
  algs: readonly JwsAlgorithm[] = jwsAlgorithms,
): AttestedRequest | undefined {
  const attestation = headers[CLIENT_ATTESTATION_HEADER]
  const proof = headers[ATTESTATION_PROOF_HEADER]
  if (attestation === undefined) {
    if (proof === undefined) return undefined
    throw malformed('A proof of a client attestation came without the attestation')
  }
  // Header fields that are sent twice arrive joined by a comma, which no token has.
  if (attestation.includes(',') || proof?.includes(',') === true) {
    throw malformed('A request carries one client attestation, and one proof of it')
  }
  return {
    attestation: readClientAttestation(attestation, algs),
    ...(proof === undefined ? {} : { proof: readAttestationProof(proof, algs) }),
  }
}

function malformed(message: string): ProtocolError {
  return new ProtocolError('client_attestation_malformed', message)
}
