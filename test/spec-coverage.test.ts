import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { allRows, idsOf, idsTested, isWaived, rowsIn, titlesIn } from './house/requirements.ts'

const root = fileURLToPath(new URL('../', import.meta.url))

test('every MUST of specs/ has a test whose title begins with its id', () => {
  const tested = idsTested(root)
  const owed = allRows(root).filter((row) => row.level.startsWith('MUST') && !isWaived(root, row))
  expect(owed.length).toBeGreaterThan(100)
  expect(owed.filter(({ id }) => !tested.has(id)).map(({ id, file }) => `${id} (${file})`)).toEqual([])
})

test('no test names a requirement that specs/ does not have', () => {
  const known = new Set(allRows(root).map(({ id }) => id))
  const unknown = [...idsTested(root)].filter(([id]) => !known.has(id))
  expect(unknown.map(([id, path]) => `${id} (${path})`)).toEqual([])
})

test('no id stands in two rows', () => {
  const rows = allRows(root)
  const twice = rows.filter(({ id }, place) => rows.findIndex((row) => row.id === id) !== place)
  expect(twice.map(({ id, file }) => `${id} (${file})`)).toEqual([])
})

test('rows are read from tables by their first column', () => {
  const markdown =
    '| id | role | level | requirement | § |\n|---|---|---|---|---|\n| VCI-4.1-1 | I | MUST | one | 4.1 |\n'
  expect(rowsIn(markdown, 'x')).toEqual([{ id: 'VCI-4.1-1', level: 'MUST', file: 'x' }])
})

test('titles are read with the ids that they begin with', () => {
  expect(idsOf('VCI-4.1-1, VP-TD-6 refuses it')).toEqual(['VCI-4.1-1', 'VP-TD-6'])
  expect(idsOf('VCI-F.1-1: refuses')).toEqual([])
  expect(idsOf('refuses VCI-4.1-1')).toEqual([])
  expect(idsOf('AES-GCM seals')).toEqual(['AES-GCM'])
  expect(titlesIn("test.skipIf(a(b))('TSL-4.1-3 x', () => {})\ntest(\n  `A-1 y`,")).toEqual([
    'TSL-4.1-3 x',
    'A-1 y',
  ])
  expect(titlesIn("{ title: 'ATK-24 an unreferenced disclosure' }")).toEqual([
    'ATK-24 an unreferenced disclosure',
  ])
})
