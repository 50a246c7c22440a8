/**
 * Makes this folder ready to run: a Node that fits, pnpm, and the installed packages. Quick where nothing is
 * left to do, and then it needs neither the network nor a writable folder.
 */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { relative } from 'node:path'
import { failureFrom, SetUpFailure } from './failure.mjs'
import { install, isInstalled } from './installation.mjs'
import { findPnpm } from './package-manager.mjs'
import { stopQuietSteps } from './quiet-step.mjs'
import { withLock } from './set-up-lock.mjs'
import { clearTemporaries, fetchTool, isFetched, nodeTool, toolchainFolder } from './toolchain.mjs'
import { majorOf, nodeCanSetUp, nodeFits, PINNED_NODE } from './versions.mjs'

/**
 * @param {string} root
 * @returns {Promise<string>} the path of the Node that runs the tasks
 * @throws {SetUpFailure}
 */
export async function setUp(root) {
  if (!nodeCanSetUp(process.versions.node)) {
    throw new SetUpFailure(`Facet needs Node 18 or newer to set itself up; this is ${process.versions.node}.`)
  }
  const node = chosenNode(root)
  if (node.isThere && isInstalled(root, node.major)) return node.path
  try {
    await makeFolder(toolchainFolder(root))
    return await withLock(toolchainFolder(root), () => complete(root))
  } catch (error) {
    throw failureFrom('set itself up', error)
  }
}

/**
 * @param {string} root
 * @returns {Promise<string>}
 */
async function complete(root) {
  await clearTemporaries(root)
  const node = chosenNode(root)
  const pnpm = await allOrStop([
    isInstalled(root, node.major) ? undefined : findPnpm(root),
    node.isThere ? undefined : fetchNode(root),
  ])
  if (pnpm !== undefined) await install(root, node, pnpm)
  return node.path
}

/**
 * Both at once, since each mostly waits for the network; where one fails the other is not waited for.
 *
 * @template T
 * @param {readonly [T | Promise<T>, undefined | Promise<void>]} works
 * @returns {Promise<T>} what the first gives
 */
async function allOrStop(works) {
  try {
    const [first] = await Promise.all(works)
    return first
  } catch (error) {
    stopQuietSteps()
    throw error
  }
}

/**
 * Not with `recursive`, which says ENOENT where the file system is read-only.
 *
 * @param {string} folder
 */
async function makeFolder(folder) {
  try {
    await mkdir(folder)
  } catch (error) {
    if (!existsSync(folder)) throw error
  }
}

/** @param {string} root */
async function fetchNode(root) {
  await fetchTool(root, nodeTool(root))
  await requireItRuns(root, nodeTool(root).entry)
}

/** @param {string} root */
function chosenNode(root) {
  if (nodeFits(process.versions.node)) {
    return { path: process.execPath, major: majorOf(process.versions.node), isThere: true }
  }
  const tool = nodeTool(root)
  return { path: tool.entry, major: majorOf(PINNED_NODE), isThere: isFetched(tool) }
}

/**
 * A Node of the registry is built for the usual systems; on another C library it does not start.
 *
 * @param {string} root
 * @param {string} path
 * @returns {Promise<void>}
 */
function requireItRuns(root, path) {
  return new Promise((resolve, reject) => {
    execFile(path, ['--version'], (error) => {
      if (error === null) return resolve()
      const where = relative(root, path)
      reject(
        new SetUpFailure(
          `Facet fetched Node ${PINNED_NODE} but it does not run here (${where}). Install Node 22.18 or newer and try again.`,
        ),
      )
    })
  })
}
