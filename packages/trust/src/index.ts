export { createAllowList } from './allow-list.ts'
export { createTrust, type ExplainedTrust, type Explanation, type Step } from './create-trust.ts'
export type {
  AskedClaims,
  AskQuestion,
  Evidence,
  IssueQuestion,
  Trust,
  TrustDecision,
} from './decide.ts'
export { TrustError, type TrustErrorCode } from './error.ts'
export { type CertificateIdentity, entitiesOf, type FederationIdentity, isSameParty } from './identity.ts'
export type { Party } from './party.ts'
export {
  type PartyIssuerRule,
  type PartyRules,
  type PartyVerifierRule,
  readPartyRules,
} from './party-rules.ts'
export { createRuleSource, type RuleSourceOptions } from './rule-source.ts'
export {
  type AllowListRules,
  type ClaimsRule,
  type IssuerRule,
  readAllowListRules,
  type VerifierRule,
} from './rules.ts'
export { type SourceAnswer, type TrustSource, unheardSource } from './source.ts'
export { isClientOf } from './x509/client-id.ts'
