export { type ClientId, readClientId, writeClientId } from './client-id.ts'
export {
  type ClientMetadata,
  findResponseEncryption,
  type ResponseEncryption,
  type SdJwtVcFormat,
  type SignedWith,
  takesSdJwtVc,
  type VpFormats,
} from './client-metadata.ts'
export {
  type ClientIdPrefix,
  isAddressOf,
  type KnownAddresses,
  type PrefixRules,
  prefixRules,
} from './prefix-rules.ts'
export {
  isInForce,
  readVerifierAttestation,
  type VerifierAttestation,
  type VerifierAttestationJwt,
  writeVerifierAttestationInput,
} from './verifier-attestation.ts'
