/** How npm is started, and with which environment: it is the one tool that a bare machine has. */
import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/**
 * @param {readonly string[]} args
 * @returns {import('./quiet-step.mjs').Tool}
 */
export function npmTool(args) {
  const cli = [process.env.npm_execpath, ...besideNode()].find(
    (path) => path !== undefined && basename(path) === 'npm-cli.js' && existsSync(path),
  )
  if (cli !== undefined) return { file: process.execPath, args: [cli, ...args] }
  return process.platform === 'win32' ? { file: 'npm.cmd', args, shell: true } : { file: 'npm', args }
}

/**
 * The environment for a tool of the set-up: what the user set, without what an outer `npm run` says of its own
 * script, and with a given folder first in the path.
 *
 * @param {string} [binFolder]
 * @returns {NodeJS.ProcessEnv}
 */
export function toolEnvironment(binFolder) {
  const ours = Object.entries(process.env).filter(
    ([name]) => !/^npm_(?:lifecycle|package|command|config_local_prefix|config_prefix)/i.test(name),
  )
  return withBinFolder(Object.fromEntries(ours), binFolder)
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} [folder]
 * @returns {NodeJS.ProcessEnv}
 */
export function withBinFolder(env, folder) {
  if (folder === undefined) return env
  const name = Object.keys(env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH'
  const separator = process.platform === 'win32' ? ';' : ':'
  return { ...env, [name]: [folder, env[name]].filter(Boolean).join(separator) }
}

/** Where installers of Node put npm, on Windows and elsewhere. */
function besideNode() {
  const folder = dirname(process.execPath)
  return ['node_modules', '../lib/node_modules'].map((modules) => join(folder, modules, 'npm/bin/npm-cli.js'))
}
