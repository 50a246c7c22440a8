export {
  type DidDocument,
  findVerificationMethod,
  type VerificationMethod,
  type VerificationRelationship,
} from './document.ts'
export { resolveDidJwk, writeDidJwk } from './jwk.ts'
export { absoluteDidUrl, type Did, type DidUrl, MAX_DID_LENGTH, readDid, readDidUrl } from './syntax.ts'
