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
export { checkExportedLog, type ExportedLogCheck } from './log/exported-log.ts'
export type { LogSearch } from './log/log-search.ts'
export type { Encryption, HolderPorts } from './ports.ts'
export type { Asker, ProofOfAsker } from './presentation/asker.ts'
export { chosenItems } from './presentation/choice.ts'
export {
  type ConsentQuery,
  type ConsentRequest,
  type ConsentSet,
  consent,
  type PresentationChoice,
  type PresentationConsent,
  type PresentationDecision,
  type PresentationItem,
} from './presentation/consent.ts'
export type { LogEntry } from './presentation/log-store.ts'
export type { AskedTooMuch } from './presentation/over-asking.ts'
export type { Presented } from './presentation/presented.ts'
export type { ConsentWarning, ConsentWarningCode } from './presentation/warnings.ts'
export { defaultSettings, type HolderSettings } from './settings.ts'
export type { HolderKey, HolderKeys } from './shelf/keys.ts'
export { type CredentialName, nameOf } from './shelf/name.ts'
export type { ShelvedCredential } from './shelf/shelf-index-store.ts'
export { type SoftwareKey, type SoftwareKeysPorts, softwareKeys } from './shelf/software-keys-store.ts'
