/** Bundles of the source as an application would make them, kept in memory. */
import { build, type Rollup } from 'vite'

/** What stands at which path: file name → text. The entry's name is the first. */
export type Bundle = ReadonlyMap<string, string>

/**
 * @param entry path of a module
 * @param conditions of `exports`, besides the source of this workspace and `import`
 */
export async function bundleOf(entry: string, conditions: readonly string[]): Promise<Bundle> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['@facet-id/source', ...conditions, 'import', 'module', 'default'] },
    build: {
      write: false,
      target: 'es2023',
      minify: false,
      // One file, or more where the source asks for a part only when it is needed.
      rollupOptions: { input: entry, preserveEntrySignatures: 'strict', output: { format: 'es' } },
      modulePreload: false,
    },
  })
  const outputs = (Array.isArray(built) ? built : [built]) as readonly Rollup.RollupOutput[]
  const chunks = outputs.flatMap(({ output }) => output).filter(({ type }) => type === 'chunk')
  const sorted = chunks.toSorted((a, b) => Number(isEntry(b)) - Number(isEntry(a)))
  return new Map(sorted.map((chunk) => [chunk.fileName, codeOf(chunk)]))
}

type Output = Rollup.RollupOutput['output'][number]

function isEntry(output: Output): boolean {
  return output.type === 'chunk' && output.isEntry
}

function codeOf(output: Output): string {
  return output.type === 'chunk' ? output.code : ''
}
