/** How verifiers are known that have no DID, and how those are answered that take no message. */
export type { HandOver } from './error.ts'
export type { PlatformAsk } from './journeys/prove-platform-request.ts'
export type { Encryption } from './ports.ts'
export type { RegisteredClient } from './presentation/client.ts'
export type {
  ClientCertificateAnswer,
  ClientMemberAnswer,
  ClientPorts,
} from './presentation/client-ports.ts'
export type { Transaction } from './presentation/transactions.ts'
