export { StoreError, type StoreErrorCode } from './error.ts'
export { compareKeys, readBound, readKey, readNamespace } from './keys.ts'
export { type MemoryStorePorts, memoryStore } from './memory.ts'
export { openSealed, openWithPassphrase, type PassphrasePorts, type SealKey } from './open-sealed.ts'
export { readCount, readOps, readRange } from './ops.ts'
export { readRecord, type StoredRecord, type VersionedRecord, writeRecord } from './record.ts'
export { type RecordForm, recordForm } from './record-form.ts'
export { type KdfCost, type KdfParams, readSealHeader, type SealHeader } from './seal-header.ts'
export { type Open, type Seal, type Sealer, sealedStore } from './sealed.ts'
export type {
  Committed,
  Entry,
  KeyRange,
  Namespace,
  Op,
  Out,
  Refused,
  Store,
  StoreCapabilities,
  Version,
} from './store.ts'
