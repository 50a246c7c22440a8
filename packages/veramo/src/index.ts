export type { AgentKeys, CustodyPorts, PrivateJwk } from './custody.ts'
export { createDidAgent, type DidAgent, type DidAgentMethods, type Identity } from './did-agent.ts'
export { DidAgentError, type DidAgentErrorCode } from './error.ts'
