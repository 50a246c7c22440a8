export {
  type CredentialAuthorization,
  type GrantedCredential,
  OPENID_CREDENTIAL,
  type RequestedClaim,
  readAuthorizationDetails,
} from './authorization-details.ts'
export {
  type AuthorizationRequest,
  authorizationUrl,
  type FrontChannelRequest,
  readAuthorizationRequest,
  readFrontChannelRequest,
  writeAuthorizationRequest,
} from './authorization-request.ts'
export {
  type AuthorizationError,
  type AuthorizationErrorResponse,
  type AuthorizationResponse,
  type ExpectedResponse,
  readAuthorizationResponse,
  writeAuthorizationResponse,
} from './authorization-response.ts'
export {
  type IntrospectionRequest,
  type IntrospectionResponse,
  introspectionRequest,
  readIntrospectionRequest,
  readIntrospectionResponse,
  type TokenClaims,
  writeIntrospectionResponse,
} from './introspection.ts'
export {
  type JwtAccessToken,
  looksLikeJwt,
  readAccessTokenClaims,
  readJwtAccessToken,
} from './jwt-access-token.ts'
export { CODE_CHALLENGE_METHOD, codeChallengeOf } from './pkce.ts'
export {
  type PushedAuthorizationResponse,
  pushedAuthorizationRequest,
  REQUEST_URI_PREFIX,
  readPushedAuthorizationRequest,
  readPushedAuthorizationResponse,
  writePushedAuthorizationResponse,
} from './pushed-authorization.ts'
export {
  type RevocationRequest,
  readRevocationRequest,
  revocationRequest,
  writeRevocationResponse,
} from './revocation.ts'
