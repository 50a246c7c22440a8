export {
  type AuthorizationServerMetadata,
  authorizationServerMetadataRequest,
  readAuthorizationServerMetadataResponse,
  writeAuthorizationServerMetadataResponse,
} from './authorization-server-metadata.ts'
export {
  type BearerError,
  findBearerError,
  readBearer,
  writeBearer,
  writeBearerChallenge,
} from './bearer.ts'
export {
  type ErrorResponse,
  readErrorResponse,
  type TokenError,
  type WireError,
  writeErrorResponse,
  writeMissingTokenResponse,
} from './error-response.ts'
export {
  PRE_AUTHORIZED_CODE_GRANT,
  readTokenRequest,
  type TokenRequest,
  tokenRequest,
} from './token-request.ts'
export { readTokenResponse, type TokenResponse, writeTokenResponse } from './token-response.ts'
