export { KeyError, type KeyErrorCode } from './error.ts'
export {
  digestOf,
  type KeyHolding,
  type KeyService,
  keyHoldingOf,
  type ServiceKey,
  type SignRequest,
  serviceSigner,
} from './key-service.ts'
export { type Keyring, openKeyring } from './keyring.ts'
export { openKeyFileService } from './one-key.ts'
export { readOwnerFile, writeOwnerFile } from './owner-file.ts'
export { type PrivateKeyForm, readPrivateKey, writePrivateKey } from './private-key.ts'
export { openText, type SealedKind, sealText } from './sealed-text.ts'
