/** The rows of `specs/*.md`, and the tests that name them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface Row {
  readonly id: string
  /** As written: `MUST`, `SHOULD`, `MUST (waived: 0007)`. */
  readonly level: string
  readonly file: string
}

/** Rows of tables whose first column is an id: `| id | role | level | requirement | § |`. */
export function rowsIn(markdown: string, file: string): readonly Row[] {
  return markdown.split('\n').flatMap((line) => {
    const cells = line.split('|').map((cell) => cell.trim())
    const [, id = '', , level = ''] = cells
    return ID.test(id) && cells.length >= 6 ? [{ id, level, file }] : []
  })
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

/** Titles of tests in a source file. */
export function titlesIn(source: string): readonly string[] {
  return [...source.matchAll(TITLE), ...source.matchAll(NAMED)].map((found) => found[2] ?? '')
}

/** Every id that some test or vector begins with, and where it stands first. */
export function idsTested(root: string): ReadonlyMap<string, string> {
  const tested = new Map<string, string>()
  for (const path of filesBelow(root)) {
    for (const id of idsInFile(root, path)) if (!tested.has(id)) tested.set(id, path)
  }
  return tested
}

export function allRows(root: string): readonly Row[] {
  return readdirSync(join(root, 'specs'))
    .filter((name) => name.endsWith('.md'))
    .flatMap((name) => rowsIn(readFileSync(join(root, 'specs', name), 'utf8'), `specs/${name}`))
}

/** Whether the decision that a waiver names is there. */
export function isWaived(root: string, { level }: Row): boolean {
  const [, number] = /\(waived: ([0-9]{4})\)/.exec(level) ?? []
  const decisions = join(root, 'specs', 'decisions')
  return (
    number !== undefined &&
    existsSync(decisions) &&
    readdirSync(decisions).some((name) => name.startsWith(`${number}-`))
  )
}

const ID = /^[A-Z][A-Z0-9]*(?:-[A-Za-z0-9.]+)+$/
const LEADING = /^([A-Z][A-Z0-9]*(?:-[A-Za-z0-9.]*[A-Za-z0-9])+)(,| |$)/
/** `test('…'`, `it.each(x)(\`…\``, also across lines. */
const TITLE = /\b(?:test|it)(?:\.[a-zA-Z]+(?:\((?:[^()]|\([^()]*\))*\))?)*\(\s*(['"`])([\s\S]*?)\1/g
/** Titles and requirements that tables of cases carry. */
const NAMED = /\b(?:title|requirement|name): (['"`])([A-Z][\s\S]*?)\1/g

function idsInFile(root: string, path: string): readonly string[] {
  const text = readFileSync(join(root, path), 'utf8')
  if (!path.endsWith('.json')) return titlesIn(text).flatMap(idsOf)
  const vector: unknown = JSON.parse(text)
  if (typeof vector !== 'object' || vector === null || !('requirement' in vector)) return []
  return idsOf(String(vector.requirement))
}

function filesBelow(root: string): readonly string[] {
  return ['packages', 'test', 'examples'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((path) => !/(^|\/)(node_modules|dist)\//.test(path))
      .filter((path) =>
        /\.test\.ts$|contract[^/]*\.ts$|\/contract\/[^/]+\.ts$|\/vectors\/.*\.json$/.test(`/${path}`),
      )
      .map((path) => `${folder}/${path}`),
  )
}
