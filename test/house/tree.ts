/** What the tests of the house know about the tree: packages, their manifests, and their source. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Syntax, syntaxOf } from './syntax.ts'

export const root: string = fileURLToPath(new URL('../../', import.meta.url))

export interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
  readonly dependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  /** Of its development dependencies those that packing writes into the built files. */
  readonly bundled?: readonly string[]
  readonly exports?: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly bin?: Readonly<Record<string, string>>
  readonly publishConfig?: {
    readonly exports?: Readonly<Record<string, Readonly<Record<string, string>>>>
  }
}

export const packages: readonly string[] = readdirSync(join(root, 'packages')).sort()

/** Pure packages: they know no platform and, the interface of the store apart, they do not wait. */
export const pure: readonly string[] = ['credential', 'protocol', 'store', 'trust']
export const roles: readonly string[] = ['issuer', 'holder', 'verifier']

/** @param folder from the root; `.` is the root itself */
export function manifestOf(folder: string): Manifest {
  return JSON.parse(textOfFile(`${folder}/package.json`))
}

/** @param path from the root */
export function textOfFile(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

/** Tracked files, from the root; undefined where there is no git to ask, as in an archive of the source. */
export function trackedFiles(...which: readonly string[]): readonly string[] | undefined {
  try {
    const listed = execFileSync('git', ['ls-files', '-z', ...which], {
      cwd: root,
      encoding: 'utf8',
      stdio: 'pipe',
    })
    return listed.split('\0').filter((path) => path !== '')
  } catch {
    return undefined
  }
}

const MADE =
  /(?:^|\/)(?:node_modules|dist|coverage|\.toolchain|\.facet|\.git)(?:\/|$)|^test\/bench\/results\//

/** Files that belong to the project, from the root, whether or not there is a git. */
export function filesOfTheProject(): readonly string[] {
  return trackedFiles() ?? everyFile().filter((path) => !MADE.test(path))
}

function everyFile(): readonly string[] {
  const entries = readdirSync(root, { withFileTypes: true, recursive: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
}

/** Names of our packages among dependencies, without the scope. */
export function ours(dependencies: Readonly<Record<string, string>> = {}): readonly string[] {
  return Object.keys(dependencies).flatMap((name) =>
    name.startsWith('@facet-id/') ? [name.slice('@facet-id/'.length)] : [],
  )
}

export interface Source {
  /** From the root. */
  readonly path: string
  readonly text: string
  readonly syntax: Syntax
}

const FOR_TESTS = /\.(?:test|test-support)\.ts$/

/** Source files of a package; tests and what supports them left out. */
export function sourcesOf(name: string): readonly Source[] {
  return everySourceOf(name).filter(({ path }) => !FOR_TESTS.test(path))
}

/** Tests of a package and what supports them. */
export function testsOf(name: string): readonly Source[] {
  return everySourceOf(name).filter(({ path }) => FOR_TESTS.test(path))
}

const read = new Map<string, readonly Source[]>()

function everySourceOf(name: string): readonly Source[] {
  const known = read.get(name)
  if (known !== undefined) return known
  const sources = readdirSync(join(root, 'packages', name, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((file) => {
      const path = `packages/${name}/src/${file.replaceAll('\\', '/')}`
      const text = textOfFile(path)
      return { path, text, syntax: syntaxOf(path, text) }
    })
  read.set(name, sources)
  return sources
}
