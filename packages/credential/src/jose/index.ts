export {
  type AlgorithmRule,
  algorithmRules,
  isJwsAlgorithm,
  type JwsAlgorithm,
  jwsAlgorithms,
} from './algorithm.ts'
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
  ExpandPoint,
  Hash,
  HashAlgorithm,
  Inflate,
  Mac,
  MaybePromise,
  Open,
  Random,
  Seal,
  SignatureCheck,
  Signer,
  Verdict,
} from './ports.ts'
export { maxCertificates, readX5c, writeX5c } from './x5c.ts'
