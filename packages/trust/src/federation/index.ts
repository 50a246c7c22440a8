export {
  beginFederation,
  checksOfFederation,
  type FederationAnchor,
  type FederationJudgement,
  type FederationOutcome,
  type FederationRules,
  judgeFederation,
} from './chain.ts'
export type { FederationFault, FederationFaultCode } from './chain-rules.ts'
export type { Constraints } from './constraints.ts'
export { type OwnConfiguration, writeEntityConfiguration } from './entity-configuration.ts'
export { entityConfigurationUrl } from './entity-id.ts'
export {
  type EntityStatement,
  isEntityConfiguration,
  readEntityStatement,
  readKeys as readFederationKeys,
} from './entity-statement.ts'
export { applyPolicy, type MetadataPolicy, resolvePolicy, type StatedPolicy } from './policy.ts'
export {
  checksOfTrustMark,
  judgeTrustMark,
  readTrustMark,
  type TrustMark,
  type TrustMarkOutcome,
  type TrustMarkRules,
} from './trust-mark.ts'
