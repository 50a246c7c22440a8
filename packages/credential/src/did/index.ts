export {
  type DidDocument,
  findVerificationMethod,
  type VerificationMethod,
  type VerificationRelationship,
} from './document.ts'
export { resolveDidJwk, writeDidJwk } from './jwk.ts'
export { absoluteDidUrl, type Did, type DidUrl, maxDidLength, readDid, readDidUrl } from './syntax.ts'
