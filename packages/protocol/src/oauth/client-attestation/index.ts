export {
  type AttestationClaims,
  CLIENT_ATTESTATION_HEADER,
  CLIENT_ATTESTATION_TYP,
  type ClientAttestation,
  type ClientAttestationContents,
  readClientAttestation,
  writeClientAttestationInput,
} from './attestation-jwt.ts'
export {
  ATTESTATION_CHALLENGE_HEADER,
  type AttestationChallengeResponse,
  attestationChallengeRequest,
  type ClientAttestationError,
  findAttestationChallenge,
  readAttestationChallengeResponse,
  withAttestationChallenge,
  writeAttestationChallengeResponse,
} from './challenge.ts'
export {
  ATTESTATION_AUTH_METHOD,
  ATTESTATION_DPOP_AUTH_METHOD,
  type AttestedRequest,
  attestationHeaders,
  findClientAttestation,
} from './headers.ts'
export {
  ATTESTATION_PROOF_HEADER,
  ATTESTATION_PROOF_TYP,
  type AttestationProof,
  type AttestationProofClaims,
  type AttestationProofContents,
  readAttestationProof,
  writeAttestationProofInput,
} from './proof-jwt.ts'
