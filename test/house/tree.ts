/** What the tests of the house know about the tree: packages, their manifests, and their source. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root: string = fileURLToPath(new URL('../../', import.meta.url))

export interface Manifest {
  readonly name: string
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly exports?: Readonly<Record<string, Readonly<Record<string, string>>>>
}

export const packages: readonly string[] = readdirSync(join(root, 'packages')).sort()

/** Pure packages: they neither wait nor know a platform. */
export const pure: readonly string[] = ['credential', 'protocol', 'store', 'trust']
export const roles: readonly string[] = ['issuer', 'holder', 'verifier']

export function manifestOf(folder: string): Manifest {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
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
}

/** Source files of a package; tests and what supports them left out. */
export function sourcesOf(name: string): readonly Source[] {
  return readdirSync(join(root, 'packages', name, 'src'), { recursive: true, encoding: 'utf8' })
    .filter(
      (path) =>
        path.endsWith('.ts') && !/\.(test|test-support)\.ts$/.test(path) && !path.startsWith('testing/'),
    )
    .map((path) => `packages/${name}/src/${path}`)
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }))
}

/** Code alone: comments and the content of texts blanked out, so that words in them are not taken for code. */
export function codeOf(text: string): string {
  return text.replace(
    /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g,
    (found) => (found.startsWith('/') ? ' ' : "''"),
  )
}
