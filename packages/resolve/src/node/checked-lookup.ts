/**
 * Looking up a name so that the addresses that were checked are those that are connected to. Were
 * the name looked up once for the check and once more for the connection, its owner could answer
 * differently the second time (DNS rebinding).
 */
import { lookup } from 'node:dns/promises'
import type { LookupFunction } from 'node:net'
import { reachOf } from '../address/address.ts'
import { addressRefused, isCallable, type TransportMode } from '../address/target.ts'

/** All addresses of a name; rejects when there are none. */
export type ResolveName = (name: string) => Promise<readonly ResolvedAddress[]>

export interface ResolvedAddress {
  readonly address: string
  /** 4 or 6. */
  readonly family: number
}

/** As this machine resolves names. */
export const systemResolver: ResolveName = (name) => lookup(name, { all: true })

/** A look-up for one URL. One address that may not be called spoils the name: it tries something. */
export function checkedLookup(url: URL, mode: TransportMode, resolveName: ResolveName): LookupFunction {
  return (name, options, callback) => {
    resolveName(name).then(
      (addresses) => {
        const [first] = addresses
        const areCallable = addresses.every(({ address }) => isCallable(reachOf(address), url, mode))
        if (first === undefined || !areCallable) callback(addressRefused(), '')
        else if (options.all === true) callback(null, [...addresses])
        else callback(null, first.address, first.family)
      },
      (error: NodeJS.ErrnoException) => callback(error, ''),
    )
  }
}
