export type { Description } from './asking/description.ts'
export { findHaipGaps } from './asking/haip.ts'
export { type ClientIdentity, type ReadIdentity, readIdentity } from './asking/identity.ts'
export type { CommonOptions, PageOptions, PlatformOptions, RequestOptions } from './asking/request-options.ts'
export type { TransactionWish } from './asking/transaction-wish.ts'
export { VerifierError, type VerifierErrorCode } from './error.ts'
export type { Delivered } from './journeys/deliver.ts'
export type { PageAnswer } from './journeys/receive.ts'
export type { Return } from './journeys/return.ts'
export type { Attempt, AttemptReason } from './judging/attempt.ts'
export type { QueryCheck, QueryReport } from './judging/query-report.ts'
export type { VerdictName, Verdicts } from './judging/verdicts.ts'
export type {
  EncryptionPort,
  PrivateEncryptionKey,
  RefusedAnswer,
  VerifierPorts,
  WebhookPort,
} from './ports.ts'
export type { Flow, PresentationResult, Settled, Webhook } from './result/presentation.ts'
export { defaultSettings, type VerifierSettings } from './settings.ts'
export {
  type Asking,
  createVerifier,
  type MadePlatformRequest,
  type MadeRequest,
  type Verifier,
} from './verifier.ts'
