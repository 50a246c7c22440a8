/** Bundles of the source as an application would make them, kept in memory. */
import { build, type Rollup } from 'vite'

/** What stands at which path: file name → text. The entry's name is the first. */
export type Bundle = ReadonlyMap<string, string>

/**
 * @param entry path of a module
 * @param conditions of `exports`, besides the source of this workspace and `import`
 */
export async function bundleOf(entry: string, conditions: readonly string[]): Promise<Bundle> {
  const chunks = await chunksOf(entry, conditions, { format: 'es' })
  const sorted = chunks.toSorted((a, b) => Number(b.isEntry) - Number(a.isEntry))
  return new Map(sorted.map(({ fileName, code }) => [fileName, code]))
}

/** One script, for engines without modules, which leaves what the entry exports under the name. */
export async function scriptOf(entry: string, name: string): Promise<string> {
  const [chunk, ...more] = await chunksOf(entry, [], { format: 'iife', name, codeSplitting: false })
  if (chunk === undefined || more.length > 0) throw new Error('a script is one file')
  return chunk.code
}

async function chunksOf(
  entry: string,
  conditions: readonly string[],
  output: Rollup.OutputOptions,
): Promise<readonly Rollup.OutputChunk[]> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions: ['@facet-id/source', ...conditions, 'import', 'module', 'default'] },
    build: {
      write: false,
      target: 'es2023',
      minify: false,
      // One file, or more where the source asks for a part only when it is needed.
      rolldownOptions: { input: entry, preserveEntrySignatures: 'strict', output },
      modulePreload: false,
    },
  })
  const outputs = (Array.isArray(built) ? built : [built]) as readonly Rollup.RollupOutput[]
  return outputs.flatMap(({ output: made }) => made).filter((file) => file.type === 'chunk')
}
