export type {
  Consent,
  OfferConsent,
  OfferDecision,
  OfferTerms,
  PresentationConsent,
  PresentationItem,
} from './consent.ts'
export { HolderError, type HolderErrorCode } from './error.ts'
export { type CredentialSummary, createHolder, type Holder, type PendingIssuance } from './holder.ts'
export type { HolderKey, HolderKeys } from './keys.ts'
export type { LogEntry } from './log-store.ts'
export type { HolderPorts } from './ports.ts'
export type { Presented } from './presented.ts'
export { defaultSettings, type HolderSettings } from './settings.ts'
export { type SoftwareKey, type SoftwareKeysPorts, softwareKeys } from './software-keys-store.ts'
