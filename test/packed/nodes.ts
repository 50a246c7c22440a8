/** Every Node in the path, besides the one that runs us. */
import { existsSync, realpathSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { run } from './run.ts'

export interface Node {
  readonly path: string
  /** As in `process.versions.node`. */
  readonly version: string
}

export async function nodesAtHand(): Promise<readonly Node[]> {
  const folders = (process.env.PATH ?? '').split(delimiter)
  const found = folders.map((folder) => join(folder, 'node')).filter((path) => existsSync(path))
  const paths = [...new Set([process.execPath, ...found].map((path) => realpathSync(path)))]
  const nodes = await Promise.all(
    paths.map(async (path) => {
      const { code, stdout } = await run({ file: path, args: ['-p', 'process.versions.node'] }, '.')
      return { path, version: code === 0 ? stdout.trim() : '' }
    }),
  )
  // What is in a path may be a shim that runs another.
  return nodes.filter(({ version }, place) => nodes.findIndex((node) => node.version === version) === place)
}
