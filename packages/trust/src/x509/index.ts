export {
  type Certificate,
  checkOfCertificate,
  isSelfIssued,
  readCertificate,
} from '../certificate/certificate.ts'
export { checkOfRevocationList, type RevocationList, readRevocationList } from '../certificate/crl.ts'
export type { Extensions } from '../certificate/extensions.ts'
export type { GeneralName } from '../certificate/general-name.ts'
export type { DistinguishedName } from '../certificate/name.ts'
export type { NameConstraints } from '../certificate/name-constraints.ts'
export { authorityKeysOf } from './authority-keys.ts'
export { hasAuthority, isClientOf, namesIn, writeKeyIdentifier, x509Hash } from './client-id.ts'
export { type OwnChain, readOwnChain } from './own-chain.ts'
export { beginPath, checksOfPath, judgePath, type PathJudgement } from './path.ts'
export type { PathFault, PathFaultCode, PathOutcome } from './path-outcome.ts'
export type { PathRules, TrustAnchor } from './path-rules.ts'
export { readPem, readX5c } from './pem.ts'
export { purposes } from './purpose.ts'
export { checksOfRevocationList, judgeRevocationList } from './revocation-edition.ts'
export type { Route } from './route.ts'
