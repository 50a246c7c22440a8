export { createKeyResolver, type KeyQuestion, type KeyResolver } from './key-resolver.ts'
export type { StatusListBounds, StatusListPorts } from './status-list.ts'
export {
  createStatusLists,
  type StatusListOptions,
  type StatusLists,
  type StatusQuestion,
} from './status-lists.ts'
