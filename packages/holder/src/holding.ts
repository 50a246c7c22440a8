/** What the journeys of one holder share. */
import { createNonces, type Nonces } from './authorization/nonces.ts'
import { linkedStore } from './log/linked-store.ts'
import type { HolderPorts } from './ports.ts'
import type { HolderSettings } from './settings.ts'
import { createShelfIndex, type ShelfIndex } from './shelf/shelf-index-store.ts'

export interface Holding {
  readonly settings: HolderSettings
  /** The store in it links what is logged, and what is written to the shelf is noticed. */
  readonly ports: HolderPorts
  /** What servers gave for the next proof of a sender. */
  readonly nonces: Nonces
}

/** And the shelf, as requests are held against it. */
export interface Presenting extends Holding {
  readonly shelf: ShelfIndex
}

export function holdingOf(ports: HolderPorts, settings: HolderSettings): Presenting {
  const shelf = createShelfIndex(ports)
  return {
    settings,
    shelf,
    nonces: createNonces(),
    ports: { ...ports, store: linkedStore(shelf.store, ports.hash) },
  }
}
