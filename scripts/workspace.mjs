/** The members of the workspace, as `pnpm-workspace.yaml` lists them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * @param {string} root
 * @returns {readonly string[]} folders relative to the root, with `/`, the root itself not among them
 */
export function workspaceMembers(root) {
  const yaml = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8')
  const list = /^packages:\n((?: +- .*\n)+)/m.exec(yaml)?.[1] ?? ''
  const patterns = [...list.matchAll(/^ +- +["']?([^"'\s]+)["']?/gm)].map(([, pattern = '']) => pattern)
  return patterns
    .flatMap((pattern) => (pattern.endsWith('/*') ? foldersIn(root, pattern.slice(0, -2)) : [pattern]))
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
}

/**
 * @param {string} root
 * @param {string} folder
 */
function foldersIn(root, folder) {
  if (!existsSync(join(root, folder))) return []
  const entries = readdirSync(join(root, folder), { withFileTypes: true })
  return entries.filter((entry) => entry.isDirectory()).map((entry) => `${folder}/${entry.name}`)
}
