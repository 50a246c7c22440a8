/**
 * The tools that this machine lacks, fetched once into `.toolchain/` of this repository.
 *
 * Each is installed by npm in a temporary folder and then renamed into place, so it is there whole or not at
 * all. No install script runs: the Node that we fetch is the package of the platform itself, and pnpm is
 * started through its launcher.
 */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { failureOf, SetUpFailure } from './failure.mjs'
import { npmTool, toolEnvironment } from './npm.mjs'
import { withProgress } from './progress.mjs'
import { runQuietly } from './quiet-step.mjs'
import { PINNED_NODE, PINNED_PNPM } from './versions.mjs'

const TEMPORARY = 'fetching-'

/**
 * @typedef {object} Fetched
 * @property {string} name as people call it, with its version
 * @property {string} folder where it rests; the platform is in its name, as a folder may be shared by several
 * @property {string} npmPackage
 * @property {string} version
 * @property {string} entry the file that is started
 */

/**
 * @param {string} root the folder of the repository
 * @returns {Fetched}
 */
export function nodeTool(root) {
  const npmPackage = nodePackage(process.platform, process.arch)
  const folder = join(toolchainFolder(root), `node-${PINNED_NODE}-${process.platform}-${process.arch}`)
  const binary = process.platform === 'win32' ? 'bin/node.exe' : 'bin/node'
  const entry = join(folder, 'node_modules', npmPackage, binary)
  return { name: `Node ${PINNED_NODE}`, folder, npmPackage, version: PINNED_NODE, entry }
}

/**
 * @param {string} root
 * @returns {Fetched}
 */
export function pnpmTool(root) {
  const folder = join(toolchainFolder(root), `pnpm-${PINNED_PNPM}-${process.platform}-${process.arch}`)
  const entry = join(folder, 'node_modules/pnpm/bin/pnpm.mjs')
  return { name: `pnpm ${PINNED_PNPM}`, folder, npmPackage: 'pnpm', version: PINNED_PNPM, entry }
}

/**
 * @param {string} root
 * @returns {string}
 */
export function toolchainFolder(root) {
  return join(root, '.toolchain')
}

/**
 * @param {Fetched} tool
 * @returns {boolean}
 */
export function isFetched(tool) {
  return existsSync(tool.entry)
}

/**
 * Fetches a tool unless it is there.
 *
 * @param {string} root
 * @param {Fetched} tool
 * @throws {SetUpFailure}
 */
export async function fetchTool(root, tool) {
  if (isFetched(tool)) return
  const folder = join(toolchainFolder(root), `${TEMPORARY}${randomBytes(6).toString('hex')}`)
  try {
    await mkdir(folder)
    // Its own manifest makes the folder a project of its own, whatever stands above it.
    await writeFile(join(folder, 'package.json'), '{ "private": true }\n')
    await withProgress(`Fetching ${tool.name} (once)`, () => installInto(folder, root, tool))
    await moveInto(folder, tool)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/**
 * Removes what a fetch that was killed has left, as far as that goes. Only while no other set-up runs.
 *
 * @param {string} root
 */
export async function clearTemporaries(root) {
  const names = await readdir(toolchainFolder(root))
  const left = names.filter((name) => name.startsWith(TEMPORARY))
  await Promise.allSettled(
    left.map((name) => rm(join(toolchainFolder(root), name), { recursive: true, force: true })),
  )
}

/**
 * @param {string} folder
 * @param {string} root
 * @param {Fetched} tool
 */
async function installInto(folder, root, tool) {
  const log = join(toolchainFolder(root), `fetch-${tool.npmPackage}.log`)
  const args = [
    'install',
    `${tool.npmPackage}@${tool.version}`,
    '--ignore-scripts',
    '--include=optional',
    '--global=false',
    '--no-audit',
    '--no-fund',
    '--no-update-notifier',
    '--fetch-retries=2',
    '--fetch-retry-mintimeout=1000',
    '--fetch-retry-maxtimeout=5000',
  ]
  const { ok, output } = await runQuietly(npmTool(args), { cwd: folder, log, env: toolEnvironment() })
  if (!ok) throw failureOf(`fetch ${tool.name}`, output, relative(root, log))
  if (existsSync(join(folder, relative(tool.folder, tool.entry)))) return
  throw new SetUpFailure(
    `Facet could not fetch ${tool.name}: what the registry served lacks the program (details: ${relative(root, log)}).`,
  )
}

/**
 * @param {string} from
 * @param {Fetched} tool
 */
async function moveInto(from, tool) {
  try {
    await mkdir(dirname(tool.folder), { recursive: true })
    await rename(from, tool.folder)
  } catch (error) {
    // Somebody else was quicker, and theirs is as good as ours.
    if (!isFetched(tool)) throw error
  }
}

/**
 * The npm package that is Node for a platform, as the package `node` itself chooses it.
 *
 * @param {string} platform
 * @param {string} arch
 * @returns {string}
 */
export function nodePackage(platform, arch) {
  const prefix = platform === 'darwin' && arch === 'arm64' ? 'node-bin' : 'node'
  return `${prefix}-${platform === 'win32' ? 'win' : platform}-${arch}`
}
