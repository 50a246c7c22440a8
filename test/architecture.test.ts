import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { codeOf, manifestOf, ours, packages, pure, roles, root, sourcesOf } from './house/tree.ts'

const law = lawIn(readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8'))

/** The table of the law: a package, and what it may import of ours. */
function lawIn(markdown: string): ReadonlyMap<string, ReadonlySet<string>> {
  const lines = markdown.split('\n')
  const begin = lines.indexOf('| package | may import of ours |')
  const rows = lines.slice(begin + 2, lines.indexOf('', begin))
  return new Map(
    rows.flatMap((row) => {
      const [, left = '', right = ''] = row.split('|')
      const allowed = new Set(right.trim() === 'all' ? packages : namesIn(right.split(';')[0] ?? ''))
      return namesIn(left).map((name) => [name, allowed] as const)
    }),
  )
}

function namesIn(cell: string): readonly string[] {
  return [...cell.matchAll(/`([a-z]+)`/g)].map(([, name = '']) => name)
}

test('HSE-1 every package has its place in the law, and declares no more than the law allows', () => {
  expect([...law.keys()].sort()).toEqual(packages)
  for (const name of packages) {
    const { dependencies } = manifestOf(`packages/${name}`)
    expect({ name, beyond: ours(dependencies).filter((used) => !law.get(name)?.has(used)) }).toEqual({
      name,
      beyond: [],
    })
  }
})

test('HSE-2 a package imports only what it declares, and no file of another package by path', () => {
  const faults = packages.flatMap((name) => {
    const { dependencies = {} } = manifestOf(`packages/${name}`)
    return sourcesOf(name).flatMap(({ path, text }) =>
      importsIn(text).flatMap((specifier) => {
        const undeclared = !/^(\.|node:)/.test(specifier) && dependencies[packageOf(specifier)] === undefined
        const outside =
          specifier.startsWith('.') && !join(path, '..', specifier).startsWith(`packages/${name}/src/`)
        return undeclared || outside ? [`${path} imports ${specifier}`] : []
      }),
    )
  })
  expect(faults).toEqual([])
})

test('HSE-2 tests alone see the testkit, and the root declares tools only', () => {
  for (const name of packages)
    expect(ours(manifestOf(`packages/${name}`).dependencies)).not.toContain('testkit')
  const { dependencies = {}, devDependencies = {} } = manifestOf('.')
  expect(dependencies).toEqual({})
  expect(Object.keys(devDependencies).sort()).toEqual([
    '@biomejs/biome',
    '@changesets/cli',
    '@types/node',
    'typescript',
    'vite',
    'vitest',
  ])
})

test('HSE-3 pure packages and roles compile without the types of any platform, and nothing is aliased', () => {
  for (const name of [...pure, ...roles]) {
    const { compilerOptions } = JSON.parse(
      readFileSync(join(root, 'packages', name, 'tsconfig.json'), 'utf8'),
    )
    expect({ name, types: compilerOptions.types, lib: compilerOptions.lib }).toEqual({
      name,
      types: undefined,
      lib: undefined,
    })
  }
  const base = JSON.parse(readFileSync(join(root, 'tsconfig.base.json'), 'utf8')).compilerOptions
  expect([base.lib, base.types, base.paths]).toEqual([['ES2023'], [], undefined])
  expect(readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8')).toMatch(/^hoist: false$/m)
  expect(readFileSync(join(root, 'vitest.config.ts'), 'utf8')).not.toMatch(/alias/)
})

test('HSE-4 pure packages and roles read no clock and draw no randomness of their own', () => {
  const faults = [...pure, ...roles].flatMap((name) =>
    sourcesOf(name).filter(({ text }) =>
      /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bperformance\./.test(codeOf(text)),
    ),
  )
  expect(faults.map(({ path }) => path)).toEqual([])
})

test('HSE-5 only the files that may wait do', () => {
  const waits = /\basync\b|\bawait\b|\.then\(/
  const mayWait = (path: string): boolean =>
    /\/src\/(?:endpoints|journeys)\/[^/]+\.ts$|-store\.ts$/.test(path) ||
    roles.some((role) => path.endsWith(`/src/${role}.ts`))
  const faults = ['credential', 'protocol', 'trust', ...roles].flatMap((name) =>
    sourcesOf(name).filter(
      ({ path, text }) => waits.test(codeOf(text)) && !(roles.includes(name) && mayWait(path)),
    ),
  )
  expect(faults.map(({ path }) => path)).toEqual([])
})

test('HSE-6 a front is a table of contents: names only, no more than forty', () => {
  for (const name of packages) {
    for (const [subpath, target] of Object.entries(manifestOf(`packages/${name}`).exports ?? {})) {
      const file = target['@facet-id/source'] ?? ''
      if (!file.endsWith('index.ts')) continue
      const code = readFileSync(join(root, 'packages', name, file), 'utf8')
      const exported = [...code.matchAll(/\{([^}]*)\}/g)].flatMap(([, names = '']) =>
        names.split(',').filter((n) => n.trim() !== ''),
      )
      expect({ front: `${name}${subpath}`, few: exported.length <= 40 }).toEqual({
        front: `${name}${subpath}`,
        few: true,
      })
      expect(code.replace(/export (?:type )?\{[^}]*\} from '[^']+'\n?/g, '').trim()).toBe('')
    }
  }
})

test('HSE-7 no file is long beyond excuse, and none is called by a name that says nothing', () => {
  const all = packages.flatMap(sourcesOf)
  expect(all.filter(({ text }) => text.split('\n').length > 400).map(({ path }) => path)).toEqual([])
  const empty = /\/(?:utils?|helpers?|common|types|misc|manager|service)\.ts$/
  expect(all.filter(({ path }) => empty.test(path)).map(({ path }) => path)).toEqual([])
})

test('HSE-8 the types are not talked out of their work', () => {
  const faults = packages
    .flatMap(sourcesOf)
    .filter(({ text }) =>
      /\bas any\b|: any\b|<any>|@ts-(?:ignore|expect-error|nocheck)/.test(codeOf(text) + commentsOf(text)),
    )
  expect(faults.map(({ path }) => path)).toEqual([])
})

test('HSE-9 every package says what it is', () => {
  expect(packages.filter((name) => !existsSync(join(root, 'packages', name, 'README.md')))).toEqual([])
})

test('HSE-10 nothing tracked names a machine, a registry or a place of work', () => {
  const listed = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0')
  const told = /(?:^|[\s"'`(=])\/(?:work|root|home)\/|registry\.(?:npmjs|yarnpkg)|\.internal\b/m
  const faults = listed
    .filter(
      (path) =>
        /\.(?:ts|mjs|js|json|ya?ml|md|sh)$|^\.ci\/run$/.test(path) && !path.startsWith('test/architecture'),
    )
    .filter((path) => existsSync(join(root, path)) && told.test(readFileSync(join(root, path), 'utf8')))
  expect(faults).toEqual([])
})

function commentsOf(text: string): string {
  return [...text.matchAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g)]
    .map(([comment]) => comment.replace(/: any\b|as any\b/g, ''))
    .join('\n')
}

function importsIn(text: string): readonly string[] {
  return [
    ...text.matchAll(
      /^\s*(?:import|export)\b[^'"\n]*(?:\{[^}]*\})?[^'"\n]*\bfrom '([^']+)'|\bimport\('([^']+)'\)|^import '([^']+)'/gm,
    ),
  ].map(([, from, dynamic, bare]) => from ?? dynamic ?? bare ?? '')
}

function packageOf(specifier: string): string {
  const [scope = '', name = ''] = specifier.split('/')
  return scope.startsWith('@') ? `${scope}/${name}` : scope
}
