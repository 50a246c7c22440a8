export { protectedClaims, type RegisteredClaims } from './claims.ts'
export {
  type CredentialToSign,
  readIssuerSignedJwt,
  sdJwtVcMediaType,
  sdJwtVcTyp,
  type UnsignedCredential,
  writeCredentialToSign,
} from './issuer-signed-jwt.ts'
export { beginJudgement, type Judgement, nextQuestion, reportOf, takeAnswer } from './judge.ts'
export type { Answer, Expectations, KeyAnswer, Question, StatusAnswer, TrustAnswer } from './question.ts'
export {
  type Check,
  type CheckCode,
  type CheckOutcome,
  type CheckReason,
  checkCodes,
  type Report,
  type VerifiedCredential,
} from './report.ts'
