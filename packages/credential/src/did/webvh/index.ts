export { findVersionTime } from '../version-time.ts'
export { type DidWebvh, readDidWebvh, webvhLogUrl, webvhWitnessUrl } from './did.ts'
export {
  checksOf,
  findVersion,
  isWitnessed,
  judgeDidLog,
  signedPartOf,
  type VersionQuery,
  type WitnessVerdicts,
  webvhMetadata,
} from './judge.ts'
export {
  type DidLog,
  type LogContext,
  type LogVersion,
  maxLogLength,
  readDidLog,
} from './log.ts'
export { keyHashOf, type WebvhParameters } from './parameters.ts'
export type { UnsignedProof } from './proof.ts'
export { didWebOf, withImplicitServices, writeParallelDidWeb } from './services.ts'
export {
  readWitnessProofs,
  type Witnessed,
  type WitnessProof,
  writeWitnessFile,
  writeWitnessing,
} from './witness-proofs.ts'
export type { WitnessRule } from './witness-rule.ts'
export {
  type EntryTools,
  type ParameterChange,
  placeholderDid,
  type UnsignedEntry,
  type WebvhChange,
  writeSignedEntry,
  writeWebvhCreation,
  writeWebvhDeactivation,
  writeWebvhMove,
  writeWebvhUpdate,
} from './write.ts'
