export { IssuerError, type IssuerErrorCode } from './error.ts'
export type { IssuanceRecord } from './issuance/issuance-store.ts'
export type { StoppedConfiguration } from './issuance/stopped-store.ts'
export { createIssuer, type Issuer } from './issuer.ts'
export type { Invitation, InvitationRequest } from './journeys/invite.ts'
export type { GuessedOffer } from './offer/guessed-store.ts'
export type { MadeOffer, OfferRequest } from './offer/offering.ts'
export type { IssuerPorts, SecondOpinion, ServerKeyQuestion } from './ports.ts'
export { findHaipGaps, type HaipChecked, profiled } from './profile.ts'
export {
  type CredentialConfiguration,
  defaultSettings,
  type IssuerSettings,
  type KnownBy,
  type RetiredKey,
  type TypeSettings,
} from './settings.ts'
