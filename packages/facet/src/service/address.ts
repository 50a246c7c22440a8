/**
 * Where a service of ours is reached. The address is part of what it signs (a status list is named
 * by URL), so it is chosen once and found again.
 */
import { recordForm, type Store } from '@facet-id/store'
import { FacetError } from '../error.ts'

const NS = 'facet/address'

interface Address {
  readonly port: number
}

const form = recordForm<Address>(1)

export interface AddressOptions {
  /** Absent: the port of the last time, or any free one. */
  readonly port?: number
  /** What the world calls it, when something in front of it does TLS. Absent: plain http on loopback. */
  readonly publicUrl?: string
  readonly development: boolean
}

/** @throws {FacetError} `development_mode_needed` */
export function checkAddress({ publicUrl, development }: AddressOptions): void {
  if (development || publicUrl?.startsWith('https://') === true) return
  throw new FacetError(
    'development_mode_needed',
    'A service needs an https address: give --public-url https://… (TLS ends in front of it), or --development for plain http on loopback',
  )
}

/** The port to listen on; 0 for any. */
export async function portOf(store: Store, { port }: AddressOptions): Promise<number> {
  if (port !== undefined) return port
  const entry = await store.get(NS, 'port')
  return entry === undefined ? 0 : form.read(entry.value).port
}

export async function rememberPort(store: Store, port: number): Promise<void> {
  await store.commit([{ op: 'put', ns: NS, key: 'port', value: form.write({ port }) }])
}
