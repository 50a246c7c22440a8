export {
  type RegisteredWalletProvider,
  registeredWalletProviders,
  type WalletProviderKey,
  type WalletProviderReference,
} from '../client/wallet-provider.ts'
export {
  type AuthorizationSettings,
  type ClientKey,
  defaultAuthorization,
  type ForeignServer,
  type RegisteredClient,
} from './authorization-settings.ts'
export { escapeHtml } from './browser.ts'
export type { Grant } from './flow/grant-store.ts'
export type {
  UserAgreed,
  UserAnswer,
  UserAsked,
  UserAuthentication,
  UserStep,
} from './user-authentication.ts'
