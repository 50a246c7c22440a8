export { jwkThumbprint, type PublicJwk, readPublicJwk, readPublicMembers, sameKey } from './jwk.ts'
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
  JwsAlgorithm,
  Mac,
  MaybePromise,
  Open,
  Random,
  Seal,
  SignatureCheck,
  Signer,
  Verdict,
} from './ports.ts'
