export {
  type AuthorizationErrorCode,
  type AuthorizationResponse,
  authorizationResponseRequest,
  readAuthorizationResponse,
} from './authorization-response.ts'
export { type ClientId, readClientId, writeClientId } from './client-id.ts'
export { type ClientMetadata, type SignedWith, takesSdJwtVc, type VpFormats } from './client-metadata.ts'
export type { ClaimsQuery, ClaimValue, CredentialQuery } from './dcql/credential-query.ts'
export { DCQL_LIMITS } from './dcql/limits.ts'
export { type Candidate, checkAnswer, type Match, type Mismatch, matchCredential } from './dcql/match.ts'
export { type DcqlQuery, readDcqlQuery } from './dcql/query.ts'
export { type DirectPostAnswer, readDirectPostAnswer, writeDirectPostAnswer } from './direct-post-answer.ts'
export { findRefusal } from './refusal.ts'
export {
  type FollowedLink,
  type RequestLink,
  readRequestLink,
  writeRequestLink,
} from './request-link.ts'
export { type RequestObject, readRequestObject } from './request-object.ts'
export { type RequestObjectJwt, writeRequestObjectInput } from './request-object-jwt.ts'
export {
  readRequestObjectResponse,
  readRequestUriRequest,
  requestUriRequest,
  writeRequestObjectResponse,
} from './request-uri.ts'
export type { VpToken } from './vp-token.ts'
