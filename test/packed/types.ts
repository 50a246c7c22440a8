/** What the compiler says to who imports our packages, with the types of packages checked too. */
import { mkdtemp, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../house/tree.ts'
import { node, run } from './run.ts'

export interface TypeChecking {
  readonly resolution: 'bundler' | 'nodenext'
  readonly entries: readonly string[]
  /** With the types of Node, and without those of a browser; or the other way round. */
  readonly forNode: boolean
}

/** Lines of the compiler about the importing module and about our own types; those about types of others are theirs. */
export async function typeFaults(folder: string, checking: TypeChecking): Promise<readonly string[]> {
  const { resolution, entries, forNode } = checking
  const project = await mkdtemp(join(folder, 'types-'))
  const lines = entries.map(
    (entry, place) => `import * as e${place} from '${entry}'\nexport const n${place} = e${place}`,
  )
  await writeFile(join(project, 'all.ts'), `${lines.join('\n')}\n`)
  const compilerOptions = {
    target: 'es2023',
    lib: forNode ? ['es2023'] : ['es2023', 'dom', 'dom.iterable'],
    types: forNode ? ['node'] : [],
    typeRoots: [join(root, 'node_modules/@types')],
    module: resolution === 'bundler' ? 'esnext' : 'nodenext',
    moduleResolution: resolution,
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
  }
  await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['all.ts'] }))
  const tsc = join(root, 'node_modules/typescript/bin/tsc')
  const { stdout } = await run(node(tsc, '-p', project, '--pretty', 'false'), project)
  const faults = stdout.split('\n').filter((line) => /error TS\d+/.test(line))
  return faults.filter((line) => !/node_modules\/(?!@facet-id\/)/.test(line))
}
