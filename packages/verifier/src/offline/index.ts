export { judge, type OfflineReport, type Requested } from './judge.ts'
export type {
  Known,
  KnownKey,
  KnownStatusList,
  KnownTrust,
  KnownType,
  Material,
  MaterialKind,
  Used,
} from './material.ts'
