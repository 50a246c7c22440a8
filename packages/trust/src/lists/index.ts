export type { Edition, EditionFaultCode, EditionOutcome, EditionRules, LastEdition } from './edition.ts'
export {
  checksOfTrustList,
  type ExpectedList,
  judgeTrustList,
  type ReceivedList,
  readTrustList,
  type TrustList,
  writeTrustList,
} from './trust-list.ts'
export {
  anchorsOf,
  checksOfTrustedEntities,
  type ExpectedEntities,
  judgeTrustedEntities,
  type ReceivedEntities,
  readTrustedEntities,
  type TrustedEntities,
  type TrustedService,
} from './trusted-entities.ts'
