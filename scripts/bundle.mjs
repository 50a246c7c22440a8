/**
 * Writes packages of others into the built files of one of ours, with their licences: those whose own dependencies
 * an installer cannot resolve without being told how (specs/decisions/0011).
 *
 * Each entry of the package becomes one file, and what several of them share another. What installers bring, the
 * manifest's `dependencies` and their like, stays outside.
 */
import { readFileSync } from 'node:fs'
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { builtinModules } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
import { build } from 'vite'
import { noticesOf } from './notices.mjs'

export const NOTICES = 'THIRD-PARTY-LICENSES.txt'

/** @typedef {{ fileName: string, code: string, modules: Record<string, { renderedLength: number }> }} Chunk */

/**
 * @param {string} folder of the package, built by the compiler
 */
export async function bundleInto(folder) {
  const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const { dependencies, optionalDependencies, peerDependencies, publishConfig } = manifest
  const targets = [
    ...Object.values(publishConfig.exports).map((target) => target.default),
    ...Object.values(publishConfig.bin ?? {}),
  ]
  const dist = join(folder, 'dist')
  const input = Object.fromEntries(
    targets.map((target) => [
      relative(dist, join(folder, target)).slice(0, -'.js'.length),
      join(folder, target),
    ]),
  )
  const chunks = await bundle(
    folder,
    input,
    Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies }),
  )
  await removeModules(dist)
  for (const { fileName, code } of chunks) {
    await mkdir(dirname(join(dist, fileName)), { recursive: true })
    await writeFile(join(dist, fileName), code)
  }
  const inside = chunks.flatMap(({ modules }) =>
    Object.entries(modules).flatMap(([id, { renderedLength }]) => (renderedLength > 0 ? [id] : [])),
  )
  await writeFile(join(dist, NOTICES), noticesOf(inside))
}

/**
 * @param {string} root
 * @param {Record<string, string>} input
 * @param {readonly string[]} outside
 * @returns {Promise<readonly Chunk[]>}
 */
async function bundle(root, input, outside) {
  const isOutside = (/** @type {string} */ id) =>
    id.startsWith('node:') ||
    builtinModules.includes(id) ||
    outside.some((name) => id === name || id.startsWith(`${name}/`))
  const built = await build({
    root,
    configFile: false,
    logLevel: 'warn',
    ssr: { noExternal: true },
    build: {
      ssr: true,
      write: false,
      minify: false,
      target: 'node22.18',
      rolldownOptions: {
        input,
        external: isOutside,
        preserveEntrySignatures: 'strict',
        output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'parts/[name]-[hash].js' },
      },
    },
  })
  const [first] = [built].flat()
  if (first === undefined || !('output' in first)) throw new Error('Nothing was bundled')
  return first.output.flatMap((part) => (part.type === 'chunk' ? [part] : []))
}

/**
 * Removes what the compiler wrote to be run; its types stay.
 *
 * @param {string} dist
 */
async function removeModules(dist) {
  const paths = await readdir(dist, { recursive: true })
  const modules = paths.filter((path) => basename(path).endsWith('.js'))
  await Promise.all(modules.map((path) => rm(join(dist, path))))
}
