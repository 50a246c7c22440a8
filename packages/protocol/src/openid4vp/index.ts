export type { CredentialQuery } from './dcql/credential-query.ts'
export { type DcqlQuery, readDcqlQuery } from './dcql/query.ts'
export {
  type FollowedLink,
  type LinkByReference,
  type LinkByValue,
  type RequestLink,
  readRequestLink,
  type UnsignedLink,
  writeRequestLink,
} from './request/request-link.ts'
export {
  payloadOf,
  type RequestObject,
  type RequestPayload,
  readRequestObject,
  unsignedLink,
} from './request/request-object.ts'
export {
  type RequestKey,
  type RequestObjectHeader,
  type RequestObjectJwt,
  readRequestObjectJwt,
  type SignerParameters,
  writeRequestObjectInput,
  writeSignerInput,
} from './request/request-object-jwt.ts'
export {
  findEncryptedRequest,
  type RequestUriRequest,
  readRequestObjectResponse,
  readRequestToken,
  readRequestUriRequest,
  requestUriRequest,
  writeRequestObjectResponse,
} from './request/request-uri.ts'
export type { VerifierInfo } from './request/verifier-info.ts'
export type { WalletMetadata } from './request/wallet-metadata.ts'
export {
  type AuthorizationErrorCode,
  type AuthorizationResponse,
  authorizationResponseRequest,
  readAuthorizationResponse,
} from './response/authorization-response.ts'
export {
  type DirectPostAnswer,
  readDirectPostAnswer,
  writeDirectPostAnswer,
} from './response/direct-post-answer.ts'
export type { ResponseMode } from './response/response-mode.ts'
export type { VpToken } from './response/vp-token.ts'
