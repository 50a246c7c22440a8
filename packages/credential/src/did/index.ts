export {
  type DidDocument,
  type DidService,
  findVerificationMethod,
  type KeyDocument,
  type VerificationMethod,
  type VerificationRelationship,
  verificationRelationships,
} from './document.ts'
export { resolveDidJwk, writeDidJwk } from './jwk.ts'
export { resolveDidKey, writeDidKey } from './key.ts'
export { readMethodKey } from './method-key.ts'
export {
  jwkOfMultikey,
  type Multikey,
  readMultikey,
  writeMultikey,
  type X25519PublicJwk,
} from './multikey.ts'
export { readDidDocument, readDidDocumentValue } from './read-document.ts'
export { absoluteDidUrl, type Did, type DidUrl, maxDidLength, readDid, readDidUrl } from './syntax.ts'
export { type DocumentParts, didWebUrl, type PublishedKey, writeDidDocument, writeDidWeb } from './web.ts'
export { readWebLocation, type WebLocation, type WebLocationRules, webUrlOf } from './web-location.ts'
