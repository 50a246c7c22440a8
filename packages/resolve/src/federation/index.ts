export { createFederation, type Federation, type FederationAnswer } from './federation.ts'
export type { FederationBounds, FederationPorts } from './ports.ts'
