export type {
  ChangeConsent,
  Consent,
  FetchConsent,
  IssuerProof,
  OfferConsent,
  OfferDecision,
  OfferedCredential,
  OfferTerms,
} from './consent.ts'
export { HolderError, type HolderErrorCode } from './error.ts'
export {
  type CredentialSummary,
  createHolder,
  type Holder,
  type PendingIssuance,
  type Received,
} from './holder.ts'
export type { Due } from './journeys/order/due.ts'
export type { Encryption, HolderPorts } from './ports.ts'
export { defaultSettings, type HolderSettings } from './settings.ts'
export type { HolderKey, HolderKeys } from './shelf/keys.ts'
export { type CredentialName, nameOf } from './shelf/name.ts'
export type { ShelvedCredential } from './shelf/shelf-index-store.ts'
export { type SoftwareKey, type SoftwareKeysPorts, softwareKeys } from './shelf/software-keys-store.ts'
