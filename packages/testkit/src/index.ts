export { type Clock, clock } from './clock.ts'
export { type KeyPair, keyPair, signerOf, type TestSigner } from './keys.ts'
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
