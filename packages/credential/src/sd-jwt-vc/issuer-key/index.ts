export {
  findIssuerKey,
  type IssuerMetadata,
  issuerMetadataUrl,
  readIssuerKeys,
  readIssuerMetadata,
  writeIssuerMetadata,
} from './issuer-metadata.ts'
