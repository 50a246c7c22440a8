/** Bundles for a browser, as the build of a web application would, and what in them no browser has. */
import { builtinModules } from 'node:module'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { nodesOf, syntaxOf } from '../house/syntax.ts'

export interface Bundle {
  /** Minified where that was asked for. */
  readonly code: string
  /** Bytes of the minified code as a server sends it. */
  readonly gzipped: number
  /** Names of the packages that have code in it. */
  readonly packages: readonly string[]
  /** Modules of Node that something in it imports. */
  readonly nodeModules: readonly string[]
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
      rolldownOptions: { input: entry, preserveEntrySignatures: 'strict', output: { format: 'es' } },
    },
  })
  const [first] = [built].flat()
  if (first === undefined || !('output' in first)) throw new Error('Nothing was bundled')
  const chunks = first.output.flatMap((part) => (part.type === 'chunk' ? [part] : []))
  const code = chunks.map((chunk) => chunk.code).join('\n')
  const modules = chunks.flatMap((chunk) =>
    Object.entries(chunk.modules).flatMap(([id, { renderedLength }]) => (renderedLength > 0 ? [id] : [])),
  )
  return {
    code,
    gzipped: gzipSync(code, { level: 9 }).byteLength,
    packages: [...new Set(modules.flatMap((id) => packageIn(id) ?? []))].sort(),
    nodeModules: [...nodeModules].sort(),
  }
}

/** A text that imports everything of these entries and hands it on, so that nothing is shaken off. */
export function everythingOf(entries: readonly string[]): string {
  return entries.map((entry, place) => `export * as e${place} from '${entry}'`).join('\n')
}

const GLOBALS = new Set(['process', 'Buffer', 'require', 'global', '__dirname', '__filename', 'setImmediate'])

/** What in the code no browser has, as words to print. */
export function strangersIn({ code, nodeModules }: Bundle): readonly string[] {
  const specifiers = [...code.matchAll(/["'`](node:[a-z/]+)["'`]/g)].map(([, name = '']) => name)
  return [...new Set([...nodeModules, ...specifiers, ...globalsIn(code)])].sort()
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
