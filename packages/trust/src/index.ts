export { createAllowList } from './allow-list.ts'
export type { AskedClaims, AskQuestion, IssueQuestion, Trust, TrustDecision } from './decide.ts'
export { TrustError, type TrustErrorCode } from './error.ts'
export {
  type AllowListRules,
  type ClaimsRule,
  type IssuerRule,
  readAllowListRules,
  type VerifierRule,
} from './rules.ts'
