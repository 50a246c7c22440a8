import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import {
  allClaims,
  allRows,
  decisionsIn,
  faultyRows,
  idsOf,
  rowsIn,
  titlesIn,
  unknown,
  untested,
} from './requirements.ts'

const root = mkdtempSync(join(tmpdir(), 'facet-specs-'))
afterAll(() => rmSync(root, { recursive: true }))

const table = (...rows: readonly string[]) =>
  ['# A text', '', '| id | role | level | requirement | § |', '|---|---|---|---|---|', ...rows, ''].join('\n')

const files = {
  'specs/text.md': table(
    '| AB-1-1 | I | MUST | shown by a test | 1 |',
    '| AB-1-2 | I | MUST NOT | shown by a vector | 1 |',
    '| AB-1-3 | I | MUST | shown by a contract | 1 |',
    '| AB-1-4 | I | MUST | shown by nothing | 1 |',
    '| AB-1-5 | I | MUST (waived: 0007) | cannot be shown | 1 |',
    '| AB-1-6 | I | MUST (waived: 0099) | waived by nothing | 1 |',
    '| AB-1-7 | I | SHOULD | left | 1 |',
    '| AB-1-8 | I | MUST | shown by a test that is skipped or commented out | 1 |',
    '| AB-1-7 | I | MAY | said twice | 1 |',
  ),
  'specs/decisions/0007-why.md': '# 0007',
  'packages/a/src/a.test.ts': `
    test('AB-1-1, AB-9-9 refuses it', () => {})
    test.skip('AB-1-8 refuses it', () => {})
    // test('AB-1-8 refuses it', () => {})
  `,
  'packages/a/vectors/area/one.json': '{ "requirement": "AB-1-2", "input": "" }',
  'packages/a/src/contract.ts': `export function suite(it: It): void { it(\`AB-1-3 keeps \${it}\`, run) }`,
  'packages/a/node_modules/b/b.test.ts': "test('AB-1-4 is of others', () => {})",
}
for (const [path, text] of Object.entries(files)) {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
}

test('a MUST without a test is named, waived or not', () => {
  expect(untested(allRows(root), allClaims(root), decisionsIn(root))).toEqual([
    'AB-1-4 (MUST, specs/text.md) has no test',
    'AB-1-6 (MUST (waived: 0099), specs/text.md) has no test',
    'AB-1-8 (MUST, specs/text.md) has no test',
  ])
})

test('an id that no row has is named with the test that begins with it', () => {
  expect(unknown(allRows(root), allClaims(root))).toEqual(['AB-9-9 (packages/a/src/a.test.ts) has no row'])
})

test('a row said twice and a waiver without its decision are named', () => {
  expect(faultyRows(allRows(root), decisionsIn(root))).toEqual([
    'AB-1-7 (specs/text.md) stands in two rows',
    'AB-1-6 (specs/text.md) is waived by a decision that is not there: MUST (waived: 0099)',
  ])
})

test('rows are read from tables by their first column, and no other line is', () => {
  expect(rowsIn(table('| VP-TD-1 | V | MUST | one | 4.1 |'), 'x')).toEqual([
    { id: 'VP-TD-1', level: 'MUST', file: 'x' },
  ])
  expect(
    rowsIn('| term | meaning |\n|---|---|\n| DCQL | a query |\nAB-1-1 | I | MUST | x | 1 |', 'x'),
  ).toEqual([])
})

test.each([
  ['VCI-4.1-1, VP-TD-6 refuses it', ['VCI-4.1-1', 'VP-TD-6']],
  ['VCI-F.1-1', ['VCI-F.1-1']],
  ['VCI-F.1-1: refuses', []],
  ['refuses VCI-4.1-1', []],
  ['a plain sentence', []],
])('a title gives the ids that it begins with: %s', (title, ids) => {
  expect(idsOf(title)).toEqual(ids)
})

test.each([
  ["test.skipIf(isSlow(1))('T-1 x', run)", ['T-1 x']],
  ["it.each(cases)('T-1 x', run)", ['T-1 x']],
  [`test(\n  \`T-1 \${kind} x\`,\n  run)`, ['T-1 ']],
  ["const cases = [{ title: 'T-1 x' }, { requirement: 'T-2', input }]", ['T-1 x', 'T-2']],
  ["test.todo('T-1 x')", []],
  ['const text = "test(\'T-1 x\')"', []],
  ["attest('T-1 x')", []],
])('titles are read from the syntax: %s', (source, titles) => {
  expect(titlesIn('sample.ts', source)).toEqual(titles)
})
