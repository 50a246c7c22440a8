export { createCertificateKeys, type TrustedCertificates } from '../service/certificate-keys.ts'
export {
  type FollowedTrust,
  type FollowedTrustOptions,
  followTrust,
  type TrustTransports,
  trustFetching,
  trustTransports,
} from './followed-trust.ts'
export type { SourceState } from './part.ts'
export {
  type ConfiguredTrust,
  readTrustConfiguration,
  type TrustFetching,
} from './trust-configuration.ts'
