export type { ResolvedAddress, ResolveName } from './checked-lookup.ts'
export type { TransportMode } from './target.ts'
export {
  type SafeTransport,
  safeTransport,
  type TransportLimits,
  type TransportOptions,
} from './transport.ts'
