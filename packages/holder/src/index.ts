export type {
  Consent,
  OfferConsent,
  OfferDecision,
  OfferTerms,
  PresentationConsent,
  PresentationItem,
} from './consent.ts'
export { type HandOver, HolderError, type HolderErrorCode } from './error.ts'
export { type CredentialSummary, createHolder, type Holder, type PendingIssuance } from './holder.ts'
export type { PlatformAsk } from './journeys/prove-platform-request.ts'
export type { Encryption, HolderPorts } from './ports.ts'
export type { RegisteredClient } from './presentation/client.ts'
export type {
  ClientCertificateAnswer,
  ClientMemberAnswer,
  ClientPorts,
} from './presentation/client-ports.ts'
export type { LogEntry } from './presentation/log-store.ts'
export type { Presented } from './presentation/presented.ts'
export { defaultSettings, type HolderSettings } from './settings.ts'
export type { HolderKey, HolderKeys } from './shelf/keys.ts'
export { type CredentialName, nameOf } from './shelf/name.ts'
export { type SoftwareKey, type SoftwareKeysPorts, softwareKeys } from './shelf/software-keys-store.ts'
