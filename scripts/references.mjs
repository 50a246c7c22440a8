/**
 * Project references mirror the workspace dependencies. A missing reference is no error to the compiler: it
 * reads the other package's source under the wrong `lib`, and a wall is gone without a word.
 *
 * Run by itself it prints what differs and exits with 1.
 */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { argv } from 'node:process'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { workspaceMembers } from './workspace.mjs'

/**
 * @typedef {{ name: string, dependencies?: Record<string, string>, devDependencies?: Record<string, string> }} Manifest
 * @typedef {{ path: string }} Reference
 */

/**
 * @param {string} root
 * @returns {readonly string[]} one line for each difference
 */
export function referenceFaults(root) {
  const folders = workspaceMembers(root)
  const manifests = new Map(folders.map((folder) => [folder, manifestOf(root, folder)]))
  const folderOf = new Map([...manifests].map(([folder, { name }]) => [name, folder]))
  const projects = folders.flatMap((folder) => projectsOf(root, folder, manifests.get(folder), folderOf))
  const all = { file: 'tsconfig.json', wanted: projects.map(({ file }) => file) }
  return [...projects, all].flatMap((project) => faultsOf(root, project))
}

/**
 * The projects of a member, with what each must refer to: its source what it depends on, its tests also that
 * source and what only tests depend on.
 *
 * @param {string} root
 * @param {string} folder
 * @param {Manifest | undefined} manifest
 * @param {ReadonlyMap<string, string>} folderOf
 */
function projectsOf(root, folder, manifest, folderOf) {
  const named = (/** @type {Record<string, string> | undefined} */ dependencies) =>
    Object.keys(dependencies ?? {}).flatMap((name) => {
      const found = folderOf.get(name)
      return found === undefined ? [] : [`${found}/tsconfig.json`]
    })
  const source = { file: `${folder}/tsconfig.json`, wanted: named(manifest?.dependencies) }
  const tests = {
    file: `${folder}/tsconfig.test.json`,
    wanted: [source.file, ...source.wanted, ...named(manifest?.devDependencies)],
  }
  return existsSync(join(root, tests.file)) ? [source, tests] : [source]
}

/**
 * @param {string} root
 * @param {{ file: string, wanted: readonly string[] }} project
 */
function faultsOf(root, { file, wanted }) {
  if (!existsSync(join(root, file))) return [`${file} is missing`]
  /** @type {readonly Reference[]} */
  const references = JSON.parse(readFileSync(join(root, file), 'utf8')).references ?? []
  const found = references.map(({ path }) => projectFile(posix.join(posix.dirname(file), path)))
  return [
    ...wanted.filter((path) => !found.includes(path)).map((path) => `${file} lacks a reference to ${path}`),
    ...found
      .filter((path) => !wanted.includes(path))
      .map((path) => `${file} refers to ${path}, which package.json does not`),
  ]
}

/** @param {string} path */
function projectFile(path) {
  return path.endsWith('.json') ? path : `${path}/tsconfig.json`
}

/**
 * @param {string} root
 * @param {string} folder
 * @returns {Manifest}
 */
function manifestOf(root, folder) {
  return JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
}

if (argv[1] !== undefined && import.meta.url === pathToFileURL(argv[1]).href) {
  const faults = referenceFaults(dirname(dirname(fileURLToPath(import.meta.url))))
  for (const fault of faults) process.stderr.write(`${fault}\n`)
  process.exitCode = faults.length === 0 ? 0 : 1
}
