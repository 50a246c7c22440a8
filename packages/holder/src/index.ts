export type {
  Consent,
  OfferConsent,
  OfferDecision,
  PresentationConsent,
  PresentationItem,
} from './consent.ts'
export { HolderError, type HolderErrorCode } from './error.ts'
export { type CredentialSummary, createHolder, type Holder, type PendingIssuance } from './holder.ts'
export type { Presented } from './journeys/present.ts'
export type { HolderKey, HolderKeys } from './keys.ts'
export type { LogEntry } from './log-store.ts'
export type { HolderPorts } from './ports.ts'
export { defaultSettings, type HolderSettings } from './settings.ts'
export { type SoftwareKeysPorts, softwareKeys } from './software-keys-store.ts'
