export type { TransportMode } from '../address/target.ts'
export type { ResolvedAddress, ResolveName } from './checked-lookup.ts'
export {
  type SafeTransport,
  safeTransport,
  type TransportLimits,
  type TransportOptions,
} from './transport.ts'
