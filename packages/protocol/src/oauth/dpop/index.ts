export { type DpopError, writeDpopAuthorization, writeDpopChallenge } from './authorization.ts'
export { htuOf, normalizedHtu } from './htu.ts'
export { DPOP_NONCE_HEADER, findDpopNonce, wantsDpopNonce, withDpopNonce } from './nonce.ts'
export {
  accessTokenHash,
  DPOP_HEADER,
  DPOP_TYP,
  type DpopClaims,
  type DpopProof,
  findDpopProof,
  readDpopProof,
  writeDpopInput,
} from './proof.ts'
