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
export { createKeyResolver, type KeyQuestion, type KeyResolver } from './key-resolver.ts'
export type { StatusListBounds, StatusListPorts } from './status-list.ts'
export {
  createStatusLists,
  type StatusListOptions,
  type StatusLists,
  type StatusQuestion,
} from './status-lists.ts'
