export {
  type AlgorithmRule,
  algorithmRules,
  isJwsAlgorithm,
  type JwsAlgorithm,
  jwsAlgorithms,
} from './algorithm.ts'
export { bareEncryptionJwk, type EncryptionJwk, readEncryptionJwk } from './encryption-key.ts'
export {
  type Jwe,
  type JweEncryption,
  type JweHeader,
  type JweRules,
  jweEncryptions,
  readJwe,
  writeJwe,
  writeJweHeader,
} from './jwe.ts'
export {
  algorithmOf,
  bareJwk,
  type EcPublicJwk,
  jwkThumbprint,
  type OkpPublicJwk,
  type PublicJwk,
  readPublicJwk,
  readPublicMembers,
  sameKey,
} from './jwk.ts'
export {
  checkOf,
  type Jws,
  type JwsHeader,
  type JwsRules,
  readJws,
  writeJws,
  writeSigningInput,
} from './jws.ts'
export type {
  CheckSignatures,
  Deflate,
  Hash,
  HashAlgorithm,
  Inflate,
  JweRecipient,
  Mac,
  MaybePromise,
  Open,
  OpenJwe,
  Random,
  Seal,
  SealJwe,
  SignatureCheck,
  Signer,
  Verdict,
} from './ports.ts'
