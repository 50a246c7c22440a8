export {
  type AuthorizationSettings,
  type ClientKey,
  defaultAuthorization,
  type ForeignServer,
  type RegisteredClient,
} from './authorization/authorization-settings.ts'
export { escapeHtml } from './authorization/browser.ts'
export type { Grant } from './authorization/flow/grant-store.ts'
export type {
  UserAgreed,
  UserAnswer,
  UserAsked,
  UserAuthentication,
  UserStep,
} from './authorization/user-authentication.ts'
export {
  type RegisteredWalletProvider,
  registeredWalletProviders,
  type WalletProviderKey,
  type WalletProviderReference,
} from './client/wallet-provider.ts'
export { IssuerError, type IssuerErrorCode } from './error.ts'
export type {
  Encryption,
  IssuanceSettings,
  ProofRules,
  ProofsTaken,
} from './issuance/issuance-settings.ts'
export type { IssuanceRecord } from './issuance/issuance-store.ts'
export type { NotificationRecord } from './issuance/notification-store.ts'
export type { StoppedConfiguration } from './issuance/stopped-store.ts'
export type { SubjectAnswer, SubjectAsked, SubjectClaims } from './issuance/subject-claims.ts'
export { createIssuer, type Issuer } from './issuer.ts'
export type { Deferred } from './journeys/deferred.ts'
export type { Invitation, InvitationRequest } from './journeys/invite.ts'
export type { MadeOffer, OfferRequest } from './offer/offering.ts'
export type {
  IssuerDecryptionKey,
  IssuerEncryption,
  IssuerPorts,
  KeyAttesters,
  NamedKey,
  SecondOpinion,
  ServerKeyQuestion,
} from './ports.ts'
export {
  type CredentialConfiguration,
  defaultSettings,
  type IssuerSettings,
  type KnownBy,
  type RetiredKey,
  type TypeSettings,
} from './settings.ts'
