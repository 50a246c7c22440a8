export {
  attackPotentials,
  KEY_ATTESTATION_TYP,
  type KeyAttestation,
  type KeyAttestationClaims,
  meetsLevels,
  readKeyAttestation,
  writeKeyAttestationInput,
} from './key-attestation.ts'
export {
  PROOF_JWT_TYP,
  type ProofClaims,
  type ProofJwt,
  type ProofKey,
  readProofJwt,
  writeProofInput,
} from './proof-jwt.ts'
