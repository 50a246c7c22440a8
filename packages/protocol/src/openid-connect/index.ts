export {
  type AuthenticationRequest,
  authenticationUrl,
  basicAuthorization,
  type CodeExchange,
  codeExchangeRequest,
  type IdTokenResponse,
  readIdTokenResponse,
} from './authentication.ts'
export { type ExpectedIdToken, type IdToken, readIdToken, readIdTokenClaims } from './id-token.ts'
export { type ProviderMetadata, providerMetadataUrl, readProviderMetadata } from './provider-metadata.ts'
