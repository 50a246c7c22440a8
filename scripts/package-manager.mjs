/** Which pnpm installs: the one in the path where its major is ours, else the one in the toolchain. */
import { execFile } from 'node:child_process'
import { toolEnvironment } from './npm.mjs'
import { fetchTool, pnpmTool } from './toolchain.mjs'
import { pnpmFits } from './versions.mjs'

/** A shim of corepack may want to download; it is not waited for. */
const ANSWER_WITHIN_MS = 10_000

/**
 * @param {string} root
 * @returns {Promise<import('./quiet-step.mjs').Tool>}
 * @throws {import('./failure.mjs').SetUpFailure}
 */
export async function findPnpm(root) {
  const version = await versionInPath(root)
  if (version !== undefined && pnpmFits(version)) return { file: pnpmCommand, args: [], shell: needsShell }
  const tool = pnpmTool(root)
  await fetchTool(root, tool)
  return { file: process.execPath, args: [tool.entry] }
}

const needsShell = process.platform === 'win32'
const pnpmCommand = needsShell ? 'pnpm.cmd' : 'pnpm'

/**
 * @param {string} root
 * @returns {Promise<string | undefined>}
 */
function versionInPath(root) {
  const options = {
    cwd: root,
    timeout: ANSWER_WITHIN_MS,
    shell: needsShell,
    env: { ...toolEnvironment(), COREPACK_ENABLE_NETWORK: '0', COREPACK_ENABLE_DOWNLOAD_PROMPT: '0' },
  }
  return new Promise((resolve) => {
    execFile(pnpmCommand, ['--version'], options, (error, stdout) =>
      resolve(error ? undefined : stdout.trim()),
    )
  })
}
