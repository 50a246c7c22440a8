export { type Clock, clock } from './clock.ts'
export {
  type EncryptionPair,
  encryptionKeyPair,
  jweOpenerOf,
  sealJwe,
  type TestJwe,
  type TestRecipient,
} from './jwe.ts'
export {
  type AnyKeyPair,
  type KeyPair,
  keyPair,
  keyPairFor,
  signerFor,
  signerOf,
  type TestSigner,
} from './keys.ts'
export { outcomeOf } from './outcome.ts'
export {
  checkSignatures,
  deflate,
  hash,
  inflate,
  macOf,
  random,
  sealerOf,
  seededRandom,
} from './primitives.ts'
export { sharedVectors, type Vector, vectors } from './vectors.ts'
