import { macOf, seededRandom } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { LIST_ENTRIES, type RoundValue, roundValuesOf, statusEntry } from './status.ts'

function wholeList(list: number, roundValue: RoundValue): Uint32Array {
  const indices = new Uint32Array(LIST_ENTRIES)
  for (let at = 0; at < LIST_ENTRIES; at++)
    indices[at] = statusEntry(list * LIST_ENTRIES + at, roundValue).index
  return indices
}

const roundValue = roundValuesOf(macOf(seededRandom('status key')(32)))
const first = wholeList(0, roundValue)

test('TSL-13.3-1, TSL-13.2-1 a million credentials get each entry of a list exactly once', () => {
  const given = new Uint8Array(LIST_ENTRIES)
  for (const index of first) given[index] = (given[index] ?? 0) + 1
  expect(given.every((times) => times === 1)).toBe(true)
})

test('TSL-13.3-1 the next million stand in the next list, and in another order', () => {
  expect(statusEntry(LIST_ENTRIES - 1, roundValue).list).toBe(0)
  expect(statusEntry(LIST_ENTRIES, roundValue).list).toBe(1)
  expect(statusEntry(1000 * LIST_ENTRIES + 7, roundValue)).toMatchObject({ list: 1000 })
  const same = Array.from(
    { length: 4096 },
    (_, at) => statusEntry(LIST_ENTRIES + at, roundValue).index === first[at],
  )
  expect(same.filter(Boolean).length).toBeLessThan(5)
})

test('TSL-12.5-1 neighbours in time are strangers in the list', () => {
  let neighbours = 0
  let distance = 0
  for (let at = 1; at < LIST_ENTRIES; at++) {
    const between = Math.abs((first[at] ?? 0) - (first[at - 1] ?? 0))
    if (between === 1) neighbours++
    distance += between
  }
  // By chance two of a million are neighbours, and two entries are a third of the list apart.
  expect(neighbours).toBeLessThan(20)
  expect(distance / LIST_ENTRIES / LIST_ENTRIES).toBeCloseTo(1 / 3, 2)
})

test('TSL-12.5-1 no bit of an entry tells a bit of the count', () => {
  for (let ofCount = 0; ofCount < 20; ofCount++) {
    for (let ofIndex = 0; ofIndex < 20; ofIndex++) {
      let equal = 0
      for (let at = 0; at < 65_536; at++) {
        const count = at * 16 + (at % 16)
        equal += (((count >> ofCount) ^ ((first[count] ?? 0) >> ofIndex)) & 1) === 0 ? 1 : 0
      }
      // Six standard deviations of a fair coin are 768 to each side of a half.
      expect(Math.abs(equal - 32_768)).toBeLessThan(768)
    }
  }
})

test('TSL-12.5-1 under another key the entries are others', () => {
  const other = roundValuesOf(macOf(seededRandom('another key')(32)))
  const same = Array.from({ length: 4096 }, (_, at) => statusEntry(at, other).index === first[at])
  expect(same.filter(Boolean).length).toBeLessThan(5)
})

test('TSL-13.3-1 what is remembered of one list is not taken for another', () => {
  const mac = macOf(seededRandom('status key')(32))
  const going = roundValuesOf(mac)
  for (const count of [5, LIST_ENTRIES + 5, 5, 3 * LIST_ENTRIES + 5]) {
    expect(statusEntry(count, going)).toEqual(statusEntry(count, roundValuesOf(mac)))
  }
})
