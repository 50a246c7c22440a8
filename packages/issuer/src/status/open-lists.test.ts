import { expect, test } from 'vitest'
import { createOpenLists } from './open-lists.ts'
import { openList } from './status-store.ts'

const entries = [
  { list: 3, index: 7 },
  { list: 4, index: 1 },
  { list: 3, index: 9 },
]

test('TSL-13.2-1 a list is said to be open with its first entries, once each, and again until that was kept', () => {
  const lists = createOpenLists()
  expect(lists.opening(entries)).toEqual([openList(3), openList(4)])
  expect(lists.opening(entries)).toHaveLength(2)
  lists.opened([{ list: 3, index: 7 }])
  expect(lists.opening(entries)).toEqual([openList(4)])
  lists.opened(entries)
  expect(lists.opening(entries)).toEqual([])
  expect(lists.opening([{ list: 5, index: 0 }])).toEqual([openList(5)])
})
