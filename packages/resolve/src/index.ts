export { createDidResolver, type DidResolver, type DidResolverOptions } from './did/did-resolver.ts'
export type { DidResolverBounds, DidResolverPorts } from './did/ports.ts'
export type { ResolveOptions } from './did/read-question.ts'
export {
  type DidErrorCode,
  type DidProblem,
  type DidResolution,
  findDidError,
  httpStatusOf,
} from './did/resolution.ts'
export {
  type CertificateReference,
  type CertifiedKeyAnswer,
  createIssuerKeys,
  type IssuerKeys,
  type IssuerKeysOptions,
} from './issuer-keys.ts'
export {
  type AddressReference,
  createIssuerMetadataKeys,
  type IssuerMetadataKeys,
  type IssuerMetadataOptions,
} from './issuer-metadata.ts'
export { createKeyResolver, type KeyQuestion, type KeyResolver } from './key-resolver.ts'
export type { PublicDocumentBounds, PublicDocumentPorts } from './public-documents.ts'
export {
  createServerKeys,
  type ServerDocument,
  type ServerKeyQuestion,
  type ServerKeys,
  type ServerKeysOptions,
} from './server-keys.ts'
export type { StatusListBounds, StatusListPorts } from './status-list.ts'
export {
  createStatusLists,
  type StatusListOptions,
  type StatusLists,
  type StatusQuestion,
} from './status-lists.ts'
export {
  createTypeDocuments,
  type TypeDocumentOptions,
  type TypeDocuments,
  type TypeQuestion,
} from './type-metadata.ts'
