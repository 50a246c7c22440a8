export {
  type ClaimPlace,
  type ClaimsPath,
  findByPath,
  readClaimsPath,
  type SelectedClaim,
  type StepsLeft,
  selectByPath,
} from './claims-path.ts'
export { type SdJwtParts, sdJwtLimits, splitSdJwt, writeSdJwt } from './compact.ts'
export { type Concealed, type Concealing, conceal } from './conceal.ts'
export { selectDisclosures } from './disclose.ts'
export { type Disclosure, readDisclosure, writeDisclosure } from './disclosure.ts'
export type { DisclosureFrame, DisclosureFrameOf } from './disclosure-frame.ts'
export { readHashAlgorithm } from './hash-algorithm.ts'
export {
  compactOf,
  type IssuerSignature,
  readSdJwtJson,
  type SdJwtJson,
  writeSdJwtJson,
} from './json-serialization.ts'
export {
  type KeyBinding,
  type KeyBindingPolicy,
  keyBindingTyp,
  readKeyBindingJwt,
  writeKeyBindingInput,
} from './key-binding-jwt.ts'
export { type DisclosedClaim, type OpenedSdJwt, openSdJwt } from './open.ts'
export { openStoredSdJwt, type StoredSdJwt } from './stored.ts'
