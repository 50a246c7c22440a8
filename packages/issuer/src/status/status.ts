/**
 * Which entry of which status list a credential gets. Token Status List §12.5, §13.2, §13.3.
 *
 * Entries are counted, so none is given twice, and the count is then sent through a keyed
 * permutation of the list, so that neighbours in time are strangers in the list: who sees the
 * entries of two credentials cannot tell whether they were issued together. A bijection needs no
 * record of what was given and never collides.
 */
import { readBase64url } from '@facet-id/credential/base64url'
import type { Mac } from '@facet-id/credential/jose'

/** 2^20 entries: a herd of a million, and about 25 kB when one in a hundred is revoked. */
export const LIST_BITS = 20
export const LIST_ENTRIES: number = 2 ** LIST_BITS

const HALF_BITS = LIST_BITS / 2
const HALF_MASK = 2 ** HALF_BITS - 1
/** As many as FF1 has (NIST SP 800-38G): on halves as small as these, a few rounds show their pattern. */
const ROUNDS = 10
const UNKNOWN = -1

export interface StatusEntry {
  /** Number of the list, from 0. */
  readonly list: number
  readonly index: number
}

/** Ten bits that decide one step of the permutation of one list: the same for the same place, always. */
export type RoundValue = (list: number, round: number, right: number) => number

/** The entry of the `count`-th credential, counted from 0, in lists from `firstList` on. */
export function statusEntry(count: number, roundValue: RoundValue, firstList = 0): StatusEntry {
  const list = firstList + Math.floor(count / LIST_ENTRIES)
  let position = count % LIST_ENTRIES
  for (let round = 0; round < ROUNDS; round++) {
    const left = position >>> HALF_BITS
    const right = position & HALF_MASK
    position = (right << HALF_BITS) | (left ^ roundValue(list, round, right))
  }
  return { list, index: position }
}

/**
 * The round values under that key. A list asks for some ten thousand of them over and over, and a digest costs
 * more than all else: those of the list that was asked about last are remembered, in 20 kB.
 */
export function roundValuesOf(mac: Mac): RoundValue {
  const values = new Int16Array(ROUNDS << HALF_BITS)
  let remembered = -1
  return (list, round, right) => {
    if (list !== remembered) values.fill(UNKNOWN)
    remembered = list
    const at = (round << HALF_BITS) | right
    const known = values[at] ?? UNKNOWN
    if (known !== UNKNOWN) return known
    const value = tenBits(mac(`status.${list}.${round}.${right}`))
    values[at] = value
    return value
  }
}

function tenBits(digest: string): number {
  const [high = 0, low = 0] = readBase64url(digest.slice(0, 4))
  return ((high << 8) | low) & HALF_MASK
}
