export type { BytesRequest, BytesResponse, BytesTransport } from '../bytes-transport.ts'
export type { FollowingBounds } from './due.ts'
export {
  type Believed,
  type FollowedDocument,
  type FollowingPorts,
  followDocument,
} from './followed-document.ts'
export { refreshDue } from './refresh-due.ts'
export { listSource, unheardWhileAbsent } from './sources.ts'
export {
  type EntitiesAt,
  type ListAt,
  type ReadDocument,
  type RevocationsAt,
  revocationListAt,
  type TrustDocument,
  trustedEntitiesAt,
  trustListAt,
} from './trust-document.ts'
