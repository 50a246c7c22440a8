export {
  type AuthorizationServerMetadata,
  authorizationServerMetadataRequest,
  readAuthorizationServerMetadataResponse,
  writeAuthorizationServerMetadataResponse,
} from './authorization-server-metadata.ts'
export {
  type AccessToken,
  type BearerError,
  findBearerError,
  readAccessToken,
  readBearer,
  writeBearer,
  writeBearerChallenge,
} from './bearer.ts'
export {
  type ErrorResponse,
  readErrorResponse,
  shownText,
  type TokenError,
  type WireError,
  writeErrorResponse,
  writeMissingTokenResponse,
} from './error-response.ts'
export {
  AUTHORIZATION_CODE_GRANT,
  type AuthorizationCodeTokenRequest,
  PRE_AUTHORIZED_CODE_GRANT,
  type PreAuthorizedCodeTokenRequest,
  REFRESH_TOKEN_GRANT,
  type RefreshTokenRequest,
  readTokenRequest,
  type TokenRequest,
  tokenRequest,
} from './token-request.ts'
export { readTokenResponse, type TokenResponse, writeTokenResponse } from './token-response.ts'
