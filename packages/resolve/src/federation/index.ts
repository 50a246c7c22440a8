export { createFederation, type Federation, type FederationAnswer } from './federation.ts'
export { federationSource } from './federation-source.ts'
export type { FederationBounds, FederationPorts } from './ports.ts'
