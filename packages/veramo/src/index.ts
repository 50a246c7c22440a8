export {
  createDidAgent,
  type DidAgent,
  type DidAgentMethods,
  type Dids,
  type IdentifyOptions,
  type Identity,
  type RetiredIdentityKey,
} from './agent/did-agent.ts'
export type { CustodyPorts } from './custody/custody.ts'
export type { AgentKeys, KeyHolder } from './custody/held-keys.ts'
export type { DidService, KeptDid, KeptKey, KeyRole, MethodName } from './custody/kept-did.ts'
export type { PrivateJwk } from './custody/records.ts'
export { DidAgentError, type DidAgentErrorCode } from './error.ts'
export type { DidWish, PublishedFile, WitnessRule } from './methods/method.ts'
export type { ShownToWitness, WitnessPort } from './methods/witnesses.ts'
export {
  type CreatedOffer,
  type CreateOfferArgs,
  createFacetPlugin,
  type FacetMethods,
  type FacetRoles,
} from './plugin/facet-plugin.ts'
export {
  identityOfVeramo,
  type VeramoAgent,
  type VeramoIdentity,
  type VeramoIdentityOptions,
} from './plugin/veramo-identity.ts'
export { readWish } from './wish.ts'
