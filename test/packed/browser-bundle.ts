/** Bundles for a browser, as the build of a web application would, and what in them no browser has. */
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { nodesOf, syntaxOf } from '../house/syntax.ts'

export interface Bundle {
  /** The entry first. Minified where that was asked for. */
  readonly files: readonly BundleFile[]
  /** Bytes of what is loaded at once, as a server sends it. */
  readonly gzipped: number
  /** Bytes of what is loaded only when it is needed. */
  readonly gzippedLater: number
  /** Names of the packages that have code in it. */
  readonly packages: readonly string[]
  /** Modules of Node that something in it imports. */
  readonly nodeModules: readonly string[]
}

export interface BundleFile {
  readonly name: string
  readonly code: string
}

export interface Bundling {
  /** The module to bundle, as source text. */
  readonly text: string
  /** Where it would stand. */
  readonly folder: string
  readonly minify?: boolean
  /** Besides those of every bundler. */
  readonly conditions?: readonly string[]
}

export async function bundleForBrowser(bundling: Bundling): Promise<Bundle> {
  const { text, folder, minify = false, conditions = [] } = bundling
  const entry = join(folder, 'bundled-entry.js')
  const nodeModules = new Set<string>()
  const built = await build({
    root: folder,
    configFile: false,
    logLevel: 'silent',
    // Of itself it would put an empty object in its place, and nobody would see who asks for it.
    define: { 'process.env': 'process.env' },
    resolve: { conditions: [...conditions, 'browser', 'import', 'module', 'default'] },
    plugins: [
      {
        name: 'entry',
        enforce: 'pre',
        resolveId(id) {
          if (id === entry) return id
          if (!id.startsWith('node:') && !builtinModules.includes(id)) return undefined
          nodeModules.add(id)
          return undefined
        },
        load: (id) => (id === entry ? text : undefined),
      },
    ],
    build: {
      write: false,
      minify,
      target: 'es2023',
      modulePreload: false,
      rolldownOptions: {
        input: entry,
        preserveEntrySignatures: 'strict',
        output: { format: 'es', entryFileNames: 'entry.js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  })
  const [first] = [built].flat()
  if (first === undefined || !('output' in first)) throw new Error('Nothing was bundled')
  const chunks = first.output.flatMap((part) => (part.type === 'chunk' ? [part] : []))
  const modules = chunks.flatMap((chunk) =>
    Object.entries(chunk.modules).flatMap(([id, { renderedLength }]) => (renderedLength > 0 ? [id] : [])),
  )
  const atOnce = neededAtOnce(chunks)
  return {
    files: chunks.map(({ fileName, code }) => ({ name: fileName, code })),
    gzipped: gzippedBytes(chunks.filter(({ fileName }) => atOnce.has(fileName))),
    gzippedLater: gzippedBytes(chunks.filter(({ fileName }) => !atOnce.has(fileName))),
    packages: [...new Set(modules.flatMap((id) => packageIn(id) ?? []))].sort(),
    nodeModules: [...nodeModules].sort(),
  }
}

interface Chunk {
  readonly fileName: string
  readonly code: string
  readonly isEntry: boolean
  /** Names of the files that it imports at once. */
  readonly imports: readonly string[]
}

/** Names of the entry and of all that it cannot start without. */
function neededAtOnce(chunks: readonly Chunk[]): ReadonlySet<string> {
  const needed = new Set(chunks.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName))
  // A set that grows while it is walked is walked to its end.
  for (const name of needed)
    for (const imported of chunks.find(({ fileName }) => fileName === name)?.imports ?? [])
      needed.add(imported)
  return needed
}

function gzippedBytes(files: readonly { readonly code: string }[]): number {
  return files.reduce((sum, { code }) => sum + gzipSync(code, { level: 9 }).byteLength, 0)
}

/** A text that imports everything of these entries and hands it on, so that nothing is shaken off. */
export function everythingOf(entries: readonly string[]): string {
  return entries.map((entry, place) => `export * as e${place} from '${entry}'`).join('\n')
}

const GLOBALS = new Set(['process', 'Buffer', 'require', 'global', '__dirname', '__filename', 'setImmediate'])

/** What in the code no browser has, as words to print. */
export function strangersIn({ files, nodeModules }: Bundle): readonly string[] {
  const strange = files.flatMap(({ code }) => [
    ...[...code.matchAll(/["'`](node:[a-z/]+)["'`]/g)].map(([, name = '']) => name),
    ...globalsIn(code),
  ])
  return [...new Set([...nodeModules, ...strange])].sort()
}

/** Names of Node's globals that stand in the code as values: not as members, and not as keys. */
function globalsIn(code: string): readonly string[] {
  const { root } = syntaxOf('bundle.js', code)
  const named = new Set<number>()
  for (const { type, computed, property, key, shorthand } of nodesOf(root)) {
    const name = type === 'MemberExpression' ? property : key
    if (computed !== true && shorthand !== true && isPlaced(name)) named.add(name.start)
  }
  return nodesOf(root).flatMap(({ type, name, start }) =>
    type === 'Identifier' && typeof name === 'string' && GLOBALS.has(name) && !named.has(start) ? [name] : [],
  )
}

function isPlaced(value: unknown): value is { readonly start: number } {
  return typeof value === 'object' && value !== null && 'start' in value && typeof value.start === 'number'
}

/** The innermost package that a file belongs to. */
function packageIn(path: string): string | undefined {
  return /^.*[\\/]node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/.exec(path)?.[1]?.replaceAll('\\', '/')
}
