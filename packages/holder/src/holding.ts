/** What the journeys of one holder share. */
import type { Nonces } from './authorization/nonces.ts'
import type { HolderPorts } from './ports.ts'
import type { HolderSettings } from './settings.ts'

export interface Holding {
  readonly settings: HolderSettings
  readonly ports: HolderPorts
  /** What servers gave for the next proof of a sender. */
  readonly nonces: Nonces
}
