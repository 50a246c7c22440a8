/**
 * The installed packages: whether they are what the lockfile says, and how they become so.
 *
 * A stamp in `node_modules` says what was installed last: a hash of everything that decides it. It is removed
 * before an installation begins and written after it has ended, so an interrupted one is done again.
 */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { failureOf } from './failure.mjs'
import { toolEnvironment } from './npm.mjs'
import { withProgress } from './progress.mjs'
import { runQuietly } from './quiet-step.mjs'
import { toolchainFolder } from './toolchain.mjs'
import { workspaceMembers } from './workspace.mjs'

const STAMP = 'node_modules/.facet-installed'

/**
 * @param {string} root
 * @param {number} nodeMajor of the Node that will run the tasks; native code is built for a major
 * @returns {boolean}
 */
export function isInstalled(root, nodeMajor) {
  try {
    return readFileSync(join(root, STAMP), 'utf8') === wanted(root, nodeMajor) && hasAllFolders(root)
  } catch {
    return false
  }
}

/**
 * @param {string} root
 * @param {{ path: string, major: number }} node
 * @param {import('./quiet-step.mjs').Tool} pnpm
 * @throws {import('./failure.mjs').SetUpFailure}
 */
export async function install(root, node, pnpm) {
  const log = join(toolchainFolder(root), 'install.log')
  const env = { ...pnpmSettings(process.env), ...toolEnvironment(dirname(node.path)), CI: 'true' }
  const args = ['install', '--frozen-lockfile', '--prod=false', '--reporter=append-only']
  await rm(join(root, STAMP), { force: true })
  await withProgress('Installing the packages', async () => {
    const { ok, output } = await runQuietly(
      { ...pnpm, args: [...pnpm.args, ...args] },
      { cwd: root, log, env },
    )
    if (!ok) throw failureOf('install the packages', output, relative(root, log))
  })
  await mkdir(join(root, 'node_modules'), { recursive: true })
  await writeFile(join(root, STAMP), wanted(root, node.major))
}

/**
 * Settings that pnpm takes from its environment. The network is npm's: a registry or a proxy that npm was told
 * by its environment must hold for both. The age of a release is judged when it enters the lockfile, not each
 * time that what the lockfile pins by hash is installed; asking the registry for all ages takes far longer than
 * the rest.
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {NodeJS.ProcessEnv}
 */
function pnpmSettings(env) {
  const network = ['registry', 'proxy', 'https_proxy', 'noproxy', 'cafile']
    .filter((name) => env[`npm_config_${name}`])
    .map((name) => [`pnpm_config_${name}`, env[`npm_config_${name}`]])
  return {
    ...Object.fromEntries(network),
    pnpm_config_fetch_retries: '2',
    pnpm_config_fetch_retry_mintimeout: '1000',
    pnpm_config_fetch_retry_maxtimeout: '5000',
    pnpm_config_minimum_release_age: '0',
  }
}

/**
 * @param {string} root
 * @param {number} nodeMajor
 */
function wanted(root, nodeMajor) {
  const hash = createHash('sha256')
  for (const name of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', ...manifests(root)]) {
    hash
      .update(`${name}\0`)
      .update(readFileSync(join(root, name)))
      .update('\0')
  }
  return `${hash.digest('hex')} node${nodeMajor} ${process.platform}-${process.arch}\n`
}

/** @param {string} root */
function manifests(root) {
  return workspaceMembers(root).map((folder) => `${folder}/package.json`)
}

/**
 * Whether nobody has removed a member's `node_modules` since.
 *
 * @param {string} root
 */
function hasAllFolders(root) {
  return workspaceMembers(root).every((folder) => {
    const { dependencies, devDependencies } = JSON.parse(
      readFileSync(join(root, folder, 'package.json'), 'utf8'),
    )
    const needsSome = Object.keys({ ...dependencies, ...devDependencies }).length > 0
    return !needsSome || existsSync(join(root, folder, 'node_modules'))
  })
}
