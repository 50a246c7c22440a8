export type { Description } from './description/description.ts'
export { VerifierError, type VerifierErrorCode } from './error.ts'
export { findHaipGaps } from './haip.ts'
export { type ClientIdentity, type ReadIdentity, readIdentity } from './identity.ts'
export type { Delivered } from './journeys/deliver.ts'
export type { PageAnswer } from './journeys/receive.ts'
export type { Return } from './journeys/return.ts'
export type {
  EncryptionPort,
  PrivateEncryptionKey,
  RefusedAnswer,
  VerifierPorts,
  WebhookPort,
} from './ports.ts'
export type { Flow, PresentationResult, Settled, Webhook } from './presentation.ts'
export type { QueryCheck, QueryReport } from './query-report.ts'
export type { CommonOptions, PageOptions, PlatformOptions, RequestOptions } from './request-options.ts'
export { defaultSettings, type VerifierSettings } from './settings.ts'
export type { TransactionWish } from './transactions.ts'
export type { VerdictName, Verdicts } from './verdicts.ts'
export {
  type Asking,
  createVerifier,
  type MadePlatformRequest,
  type MadeRequest,
  type Verifier,
} from './verifier.ts'
