/**
 * Entries of the status lists, taken from the counter in blocks: a commit for each credential would wait for the disk
 * once more. What is left of a block when the process ends stays a gap, and no entry is given twice.
 */
import type { Mac } from '@facet-id/credential/jose'
import type { Store } from '@facet-id/store'
import { type RoundValue, roundValuesOf, type StatusEntry, statusEntry } from './status.ts'
import { allotEntries } from './status-store.ts'

/** The most that one process holds and may lose. */
const MAX_BLOCK = 256

export interface Allotment {
  /**
   * So many entries that nobody was ever given. What is taken and then not used stays a gap, and stays valid.
   *
   * @param firstList of the lists to take them from, which have a counter of their own; 0 when absent
   */
  take(count: number, firstList?: number): Promise<readonly StatusEntry[]>
}

/** For one process: other nodes of the same issuer have blocks of their own. */
export function createAllotment(store: Store, mac: Mac): Allotment {
  const counted = new Map<number, Counted>()
  return {
    async take(count, firstList = 0) {
      const counting = counted.get(firstList) ?? countedFrom(firstList)
      counted.set(firstList, counting)
      const numbers = await counting.take(count)
      const { roundValue } = counting
      return numbers.map((number) => statusEntry(number, roundValue, firstList))
    },
  }

  function countedFrom(firstList: number): Counted {
    return {
      take: takingFrom((size) => allotEntries(store, size, firstList)),
      roundValue: roundValuesOf(mac),
    }
  }
}

/** One counter, and what is remembered of the lists that it counts. */
interface Counted {
  readonly take: (count: number) => Promise<readonly number[]>
  readonly roundValue: RoundValue
}

/** Numbers, each once, out of blocks. @param allot takes that many numbers and yields the first */
function takingFrom(allot: (size: number) => Promise<number>): Counted['take'] {
  let next = 0
  let end = 0
  /** Twice as many each time, so that whoever issues little loses little. */
  let block = 0
  let taking: Promise<void> | undefined

  async function takeBlock(atLeast: number): Promise<void> {
    const size = Math.max(atLeast, Math.min(2 * block, MAX_BLOCK))
    try {
      next = await allot(size)
      end = next + size
      block = size
    } finally {
      taking = undefined
    }
  }

  return async (count) => {
    const numbers: number[] = []
    while (numbers.length < count) {
      if (next < end) numbers.push(next++)
      else {
        taking ??= takeBlock(count - numbers.length)
        await taking
      }
    }
    return numbers
  }
}
