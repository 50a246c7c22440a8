export { type Environment, openNodeData } from './config/data-directory.ts'
export { readSigningCertificate, type SigningCertificate } from './config/signing-certificate.ts'
export { FacetError, type FacetErrorCode } from './error.ts'
export { KEY_SOURCES, openKeySource } from './identity/key-source.ts'
export { type ManagedDidsOptions, managedDids } from './identity/managed-dids.ts'
export { type SignerService, signerAt, startSignerService } from './identity/signer-service.ts'
export type { NodeDidMethod } from './identity/wish-for.ts'
export { PERSON_CONFIGURATION, personCredential } from './person-credential.ts'
export { type PersonWishes, personQuery } from './person-query.ts'
export { PERSON_VCT, personType } from './person-type.ts'
export { type ForeignServersOptions, foreignServers } from './persons/foreign-servers.ts'
export { type OpenIdProviderOptions, openIdProvider } from './persons/openid-provider.ts'
export type { KnownPerson } from './persons/person-known.ts'
export {
  type PresentationLoginOptions,
  presentationLogin,
  type VerifiedPresentation,
} from './persons/presentation-login.ts'
export type { ShownCredential } from './persons/shown-credential.ts'
export { secondOpinion } from './second-opinion.ts'
export { type IssuanceNode, type IssuanceNodeOptions, startIssuanceNode } from './service/issuance-node.ts'
export {
  startVerifierService,
  type VerifierService,
  type VerifierServiceOptions,
} from './service/verifier-service.ts'
export { openWallet, type Wallet, type WalletOptions } from './service/wallet.ts'
