export {
  type CheckedAnswer,
  checkVpToken,
  findVpTokenFault,
  type PresentedCredential,
  type VpTokenCheck,
  type VpTokenFault,
} from './check-vp-token.ts'
export { type ClaimsQuery, type ClaimValue, type CredentialQuery, SD_JWT_VC } from './credential-query.ts'
export type { CredentialSetQuery } from './credential-set-query.ts'
export {
  countedFor,
  type Evaluation,
  evaluateQuery,
  type HeldMatch,
  type QueryMatches,
  type SetMatches,
  type SetOption,
  setsOf,
} from './evaluate.ts'
export { createHeldIndex, type HeldCredential, type HeldIndex } from './held-index.ts'
export { DCQL_LIMITS } from './limits.ts'
export { type Candidate, checkAnswer, type Match, type Mismatch, matchCredential } from './match.ts'
export { type DcqlQuery, readDcqlQuery } from './query.ts'
export { type AuthorityFacts, DID_AUTHORITY, type TrustedAuthorities } from './trusted-authorities.ts'
