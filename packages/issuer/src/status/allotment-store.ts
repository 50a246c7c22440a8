/**
 * Entries of the status lists, taken from the counter in blocks: a commit for each credential would wait for the disk
 * once more. What is left of a block when the process ends stays a gap, and no entry is given twice.
 */
import type { Mac } from '@facet-id/credential/jose'
import type { Store } from '@facet-id/store'
import { roundValuesOf, type StatusEntry, statusEntry } from './status.ts'
import { allotEntries } from './status-store.ts'

/** The most that one process holds and may lose. */
const MAX_BLOCK = 256

export interface Allotment {
  /** So many entries that nobody was ever given. What is taken and then not used stays a gap, and stays valid. */
  take(count: number): Promise<readonly StatusEntry[]>
}

/** For one process: other nodes of the same issuer have blocks of their own. */
export function createAllotment(store: Store, mac: Mac): Allotment {
  const roundValue = roundValuesOf(mac)
  let next = 0
  let end = 0
  /** Twice as many each time, so that whoever issues little loses little. */
  let block = 0
  let taking: Promise<void> | undefined

  async function takeBlock(atLeast: number): Promise<void> {
    const size = Math.max(atLeast, Math.min(2 * block, MAX_BLOCK))
    try {
      next = await allotEntries(store, size)
      end = next + size
      block = size
    } finally {
      taking = undefined
    }
  }

  return {
    async take(count) {
      const entries: StatusEntry[] = []
      while (entries.length < count) {
        if (next < end) entries.push(statusEntry(next++, roundValue))
        else {
          taking ??= takeBlock(count - entries.length)
          await taking
        }
      }
      return entries
    },
  }
}
