export {
  type LeftOut,
  type ReadIssuerMetadata,
  readIssuerMetadata,
} from './credential-issuer-metadata.ts'
export type {
  CredentialRequestEncryption,
  CredentialResponseEncryption,
  IssuerEncryptionJwk,
} from './encryption.ts'
export type { KeyAttestationsRequired, ProofType, ProofTypes } from './proof-types.ts'
export {
  findSignedMetadata,
  prefersSignedMetadata,
  readSignedMetadata,
  readSignedMetadataJwt,
  SIGNED_METADATA_TYP,
  type SignedMetadataJwt,
  signedMetadataRequest,
  writeSignedMetadataInput,
  writeSignedMetadataResponse,
} from './signed-metadata.ts'
