export { chooseAuthorizationServer } from './authorization-server.ts'
export type { CredentialRequestError } from './credential-error.ts'
export { type CredentialIssuerId, readCredentialIssuerId } from './credential-issuer-id.ts'
export {
  type AuthorizationCodeGrant,
  type CredentialOffer,
  type Grants,
  type OfferLink,
  type PreAuthorizedCodeGrant,
  readCredentialOffer,
  readOfferLink,
  type TxCode,
  writeOfferLink,
} from './credential-offer.ts'
export {
  credentialOfferRequest,
  readCredentialOfferResponse,
  writeCredentialOfferResponse,
} from './credential-offer-uri.ts'
export {
  type CredentialRequest,
  credentialRequest,
  type Proofs,
  readCredentialRequest,
} from './credential-request.ts'
export {
  type CredentialResponse,
  type IssuedCredential,
  readCredentialResponse,
  writeCredentialResponse,
} from './credential-response.ts'
export type { ClaimDescription } from './metadata/claim-description.ts'
export type {
  CredentialConfigurationMetadata,
  CredentialMetadata,
} from './metadata/credential-configuration.ts'
export {
  type CredentialIssuerMetadata,
  credentialIssuerMetadataRequest,
  readCredentialIssuerMetadataResponse,
  writeCredentialIssuerMetadataResponse,
} from './metadata/credential-issuer-metadata.ts'
export type { ClaimDisplay, CredentialConfigurationDisplay, IssuerDisplay } from './metadata/display.ts'
export { type NonceResponse, nonceRequest, readNonceResponse, writeNonceResponse } from './nonce.ts'
