/** What the journeys of one holder share. */
import type { HolderPorts } from './ports.ts'
import type { HolderSettings } from './settings.ts'

export interface Holding {
  readonly settings: HolderSettings
  readonly ports: HolderPorts
}
