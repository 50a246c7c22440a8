/** The rows of `specs/*.md`, and the tests and vectors that name them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { listAt, type Node, nodeAt, nodesOf, syntaxOf, textAt, textOf } from './syntax.ts'

export interface Row {
  readonly id: string
  /** As written: `MUST`, `SHOULD`, `MUST (waived: 0007)`. */
  readonly level: string
  readonly file: string
}

/** A test, a case of a table or a vector that begins with ids. */
export interface Claim {
  readonly id: string
  /** Where it stands, from the root. */
  readonly path: string
}

/** Rows of tables whose first column is an id: `| id | role | level | requirement | § |`. */
export function rowsIn(markdown: string, file: string): readonly Row[] {
  return markdown.split('\n').flatMap((line) => {
    const cells = line.split('|').map((cell) => cell.trim())
    const [, id = '', , level = ''] = cells
    return line.startsWith('|') && ID.test(id) && cells.length >= 7 ? [{ id, level, file }] : []
  })
}

/** @param root the folder of the repository */
export function allRows(root: string): readonly Row[] {
  return readdirSync(join(root, 'specs'))
    .filter((name) => name.endsWith('.md'))
    .flatMap((name) => rowsIn(readFileSync(join(root, 'specs', name), 'utf8'), `specs/${name}`))
}

/** The ids that a title begins with: `ID[, ID]* …`. */
export function idsOf(title: string): readonly string[] {
  const ids: string[] = []
  let rest = title
  for (let found = LEADING.exec(rest); found !== null; found = LEADING.exec(rest)) {
    ids.push(found[1] ?? '')
    if (found[2] !== ',') break
    rest = rest.slice(found[0].length).trimStart()
  }
  return ids
}

/**
 * Titles in a test or a contract suite: of `test(…)` and `it(…)`, and of cases in a table, which give their
 * `title`, `name` or `requirement`. A test that is always skipped shows nothing.
 */
export function titlesIn(path: string, source: string): readonly string[] {
  return nodesOf(syntaxOf(path, source).root).flatMap((node) => {
    if (node.type === 'CallExpression')
      return isTest(nodeAt(node, 'callee')) ? textsOf(listAt(node, 'arguments')[0]) : []
    if (node.type === 'Property') return NAMING.has(keyOf(node)) ? textAt(node, 'value') : []
    return []
  })
}

/** Every claim of every test, contract suite and vector of the repository. */
export function allClaims(root: string): readonly Claim[] {
  return filesBelow(root).flatMap((path) => {
    const text = readFileSync(join(root, path), 'utf8')
    const titles = path.endsWith('.json') ? requirementOf(JSON.parse(text)) : titlesIn(path, text)
    return titles.flatMap(idsOf).map((id) => ({ id, path }))
  })
}

/** MUSTs that no test shows, as lines to print. */
export function untested(
  rows: readonly Row[],
  claims: readonly Claim[],
  decisions: readonly string[],
): readonly string[] {
  const shown = new Set(claims.map(({ id }) => id))
  return rows
    .filter(({ id, level }) => level.startsWith('MUST') && !shown.has(id) && !isWaived(level, decisions))
    .map(({ id, level, file }) => `${id} (${level}, ${file}) has no test`)
}

/** Ids that a test or a vector names and no row has, as lines to print. */
export function unknown(rows: readonly Row[], claims: readonly Claim[]): readonly string[] {
  const known = new Set(rows.map(({ id }) => id))
  const strange = claims
    .filter(({ id }) => !known.has(id))
    .map(({ id, path }) => `${id} (${path}) has no row`)
  return [...new Set(strange)]
}

/** Ids that stand in two rows, and waivers that name no decision, as lines to print. */
export function faultyRows(rows: readonly Row[], decisions: readonly string[]): readonly string[] {
  const twice = rows.filter(({ id }, place) => rows.findIndex((row) => row.id === id) !== place)
  const unfounded = rows.filter(({ level }) => /waived/.test(level) && !isWaived(level, decisions))
  return [
    ...twice.map(({ id, file }) => `${id} (${file}) stands in two rows`),
    ...unfounded.map(
      ({ id, level, file }) => `${id} (${file}) is waived by a decision that is not there: ${level}`,
    ),
  ]
}

/** File names of the decisions, `0001-….md`. */
export function decisionsIn(root: string): readonly string[] {
  const folder = join(root, 'specs', 'decisions')
  return existsSync(folder) ? readdirSync(folder) : []
}

/** Whether a level carries a waiver, and the decision that it names is there. */
function isWaived(level: string, decisions: readonly string[]): boolean {
  const number = /\(waived: ([0-9]{4})\)/.exec(level)?.[1]
  return number !== undefined && decisions.some((name) => name.startsWith(`${number}-`))
}

const ID = /^[A-Z][A-Z0-9]*(?:-[A-Za-z0-9.]+)*-?[0-9][A-Za-z0-9.]*$|^[A-Z][A-Z0-9]*(?:-[A-Z0-9.]+)+$/
const LEADING = /^([A-Z][A-Z0-9]*(?:-[A-Za-z0-9.]*[A-Za-z0-9])+)(,| |$)/
const NAMING = new Set(['title', 'name', 'requirement'])
const TESTS = new Set(['test', 'it'])
const SKIPPING = new Set(['skip', 'todo'])

/** `test`, `it.each(cases)`, `test.skipIf(wrong)`, but not `test.skip`. */
function isTest(callee: Node | undefined): boolean {
  if (callee?.type === 'Identifier') return TESTS.has(String(callee.name))
  if (callee?.type === 'CallExpression') return isTest(nodeAt(callee, 'callee'))
  if (callee?.type !== 'MemberExpression') return false
  return !SKIPPING.has(String(nodeAt(callee, 'property')?.name)) && isTest(nodeAt(callee, 'object'))
}

function keyOf(property: Node): string {
  const key = nodeAt(property, 'key')
  return String(key?.name ?? key?.value)
}

function textsOf(node: Node | undefined): readonly string[] {
  return node === undefined ? [] : textOf(node)
}

function requirementOf(vector: unknown): readonly string[] {
  if (typeof vector !== 'object' || vector === null || !('requirement' in vector)) return []
  return [String(vector.requirement)]
}

function filesBelow(root: string): readonly string[] {
  const wanted = /\.test\.ts$|\/contract[^/]*\.ts$|\/contract\/[^/]+\.ts$|\/vectors\/.*\.json$/
  return ['packages', 'test', 'examples']
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map(
        (path) => `${folder}/${path}`,
      ),
    )
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => wanted.test(path) && !/\/(?:node_modules|dist)\//.test(path))
}
