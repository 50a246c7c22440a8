import { expect, test } from 'vitest'
import { allClaims, allRows, decisionsIn, faultyRows, unknown, untested } from './house/requirements.ts'
import { root } from './house/tree.ts'

const rows = allRows(root)
const claims = allClaims(root)
const decisions = decisionsIn(root)

test('every MUST of specs/ has a test whose title begins with its id', () => {
  expect(rows.length).toBeGreaterThan(100)
  expect(untested(rows, claims, decisions)).toEqual([])
})

test('no test names a requirement that specs/ does not have', () => {
  expect(unknown(rows, claims)).toEqual([])
})

test('each row has an id of its own, and each waiver a decision', () => {
  expect(faultyRows(rows, decisions)).toEqual([])
})
