export { protectedClaims, type RegisteredClaims } from './claims.ts'
export {
  didsOnly,
  type IssuerKeyPolicy,
  type KeyMechanism,
  type KeyReference,
} from './issuer-key/mechanism.ts'
export {
  type CredentialToSign,
  type IssuerKey,
  readIssuerSignedJwt,
  sdJwtVcMediaType,
  sdJwtVcTyp,
  type UnsignedCredential,
  writeCredentialToSign,
} from './issuer-signed-jwt.ts'
export { beginJudgement, type Judgement, nextQuestion, reportOf, takeAnswer } from './judge.ts'
export type {
  Answer,
  Expectations,
  IssuerKeyAnswer,
  KeyAnswer,
  Question,
  StatusAnswer,
  TrustAnswer,
  TypeDocumentAnswer,
  TypeMetadataPolicy,
} from './question.ts'
export {
  type Check,
  type CheckCode,
  type CheckOutcome,
  type CheckReason,
  checkCodes,
  type ProvenIssuer,
  type Report,
  type VerifiedCredential,
} from './report.ts'
