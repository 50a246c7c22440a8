export {
  createDidAgent,
  type DidAgent,
  type DidAgentMethods,
  type Dids,
  type IdentifyOptions,
  type Identity,
} from './agent/did-agent.ts'
export type { CustodyPorts } from './custody/custody.ts'
export type { AgentKeys, KeyHolder } from './custody/held-keys.ts'
export type { DidService, KeptDid, KeptKey, KeyRole, MethodName } from './custody/kept-did.ts'
export type { PrivateJwk } from './custody/records.ts'
export { DidAgentError, type DidAgentErrorCode } from './error.ts'
export type { DidWish, PublishedFile, WitnessRule } from './methods/method.ts'
export type { ShownToWitness, WitnessPort } from './methods/witnesses.ts'
export { readWish } from './wish.ts'
