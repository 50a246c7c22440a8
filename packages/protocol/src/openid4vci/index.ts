export { chooseAuthorizationServer } from './authorization-server.ts'
export type { ClaimDescription } from './claim-description.ts'
export type {
  CredentialConfigurationMetadata,
  CredentialMetadata,
} from './credential-configuration.ts'
export type { CredentialRequestError } from './credential-error.ts'
export { type CredentialIssuerId, readCredentialIssuerId } from './credential-issuer-id.ts'
export {
  type CredentialIssuerMetadata,
  credentialIssuerMetadataRequest,
  readCredentialIssuerMetadataResponse,
  writeCredentialIssuerMetadataResponse,
} from './credential-issuer-metadata.ts'
export {
  type CredentialOffer,
  type OfferLink,
  type PreAuthorizedCodeGrant,
  readCredentialOffer,
  readOfferLink,
  type TxCode,
  writeOfferLink,
} from './credential-offer.ts'
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
export type { ClaimDisplay, CredentialConfigurationDisplay, IssuerDisplay } from './display.ts'
export { type NonceResponse, nonceRequest, readNonceResponse, writeNonceResponse } from './nonce.ts'
export { type ProofClaims, type ProofJwt, readProofJwt, writeProofInput } from './proof-jwt.ts'
