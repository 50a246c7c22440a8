/** What the journeys of one holder share. */
import { createNonces, type Nonces } from './authorization/nonces.ts'
import type { Grant } from './issuance/grant-store.ts'
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
  /** Grants that are being renewed, by their ids: one refresh token is sent once, also where several calls need it. */
  readonly renewals: Map<string, Promise<Grant>>
  /** Pre-authorized codes that were good for access: each is good once. */
  readonly redeemed: Set<string>
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
    renewals: new Map(),
    redeemed: new Set(),
    ports: { ...ports, store: linkedStore(shelf.store, ports.hash) },
  }
}
