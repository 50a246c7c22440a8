import { existsSync } from 'node:fs'
import { join, posix } from 'node:path'
import { expect, test } from 'vitest'
import { longestFunction, silencingIn, waitsIn, worldIn } from './house/conduct.ts'
import { readLaw } from './house/law.ts'
import {
  filesOfTheProject,
  manifestOf,
  ours,
  packages,
  pure,
  roles,
  root,
  type Source,
  sourcesOf,
  testsOf,
  textOfFile,
} from './house/tree.ts'

const law = readLaw(textOfFile('ARCHITECTURE.md'))

test('HSE-1 every package has its place in the law, and declares no more than the law allows', () => {
  expect([...law.keys()].sort()).toEqual(packages)
  const faults = packages.flatMap((name) => {
    const { dependencies, devDependencies } = manifestOf(`packages/${name}`)
    const forTests = ours(devDependencies).filter((used) => used !== 'testkit')
    return [...ours(dependencies), ...forTests]
      .filter((used) => !law.get(name)?.has(used))
      .map((used) => `${name} must not depend on ${used}`)
  })
  expect(faults).toEqual([])
})

test('HSE-2 a package imports only what it declares, and no file of another package by path', () => {
  const faults = packages.flatMap((name) => {
    const {
      dependencies = {},
      optionalDependencies = {},
      devDependencies = {},
      bundled = [],
    } = manifestOf(`packages/${name}`)
    const declared = [...Object.keys(dependencies), ...Object.keys(optionalDependencies), ...bundled]
    return [
      ...sourcesOf(name).flatMap((source) => strangersIn(source, `packages/${name}/src/`, declared)),
      ...testsOf(name).flatMap((source) =>
        strangersIn(source, `packages/${name}/`, [
          ...declared,
          ...Object.keys(devDependencies),
          `@facet-id/${name}`,
          'vitest',
        ]),
      ),
    ]
  })
  expect(faults).toEqual([])
})

test('HSE-2 tests alone see the testkit, and the root declares tools only', () => {
  expect(
    packages.filter((name) => ours(manifestOf(`packages/${name}`).dependencies).includes('testkit')),
  ).toEqual([])
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

test('HSE-4 pure packages and roles read no clock and draw no randomness of their own', () => {
  expect(faultsIn([...pure, ...roles], ({ syntax }) => worldIn(syntax))).toEqual([])
})

test('HSE-5 only the files that may wait do', () => {
  const mayWait = (path: string): boolean =>
    /\/src\/(?:authorization\/)?(?:endpoints|journeys)\/(?:[^/]+\/)?[^/]+\.ts$|-store\.ts$|\/src\/contract\.ts$/.test(
      path,
    ) || roles.some((role) => path === `packages/${role}/src/${role}.ts`)
  const waiting = faultsIn(['credential', 'protocol', 'trust', ...roles], ({ path, syntax }) =>
    roles.some((role) => path.startsWith(`packages/${role}/`)) && mayWait(path) ? [] : waitsIn(syntax),
  )
  expect(waiting).toEqual([])
})

test('FCT-LAW the second engine is imported by the product alone, and by nothing that a wallet needs', () => {
  const isOther = (specifier: string): boolean => specifier.startsWith('@sd-jwt/')
  const importing = packages
    .flatMap(sourcesOf)
    .flatMap(({ path, syntax }) => (syntax.imports.some(isOther) ? [path] : []))
  expect(importing).toEqual(['packages/facet/src/second-opinion.ts'])
  const product = sourcesOf('facet')
  for (const wallet of ['service/wallet.ts', 'command/wallet.ts']) {
    const needed = filesNeededBy(`packages/facet/src/${wallet}`, product)
    expect(needed.length).toBeGreaterThan(1)
    expect(needed.filter((path) => importing.includes(path))).toEqual([])
  }
})

test('HSE-6 a front re-exports by name, no more than forty names, and holds nothing else', () => {
  const faults = packages.flatMap((name) => {
    const fronts = Object.values(manifestOf(`packages/${name}`).exports ?? {}).map((target) =>
      posix.join('packages', name, target['@facet-id/source'] ?? ''),
    )
    return sourcesOf(name).flatMap(({ path, syntax }) => {
      if (!fronts.includes(path)) return path.endsWith('/index.ts') ? [`${path} is no front`] : []
      const { exports } = syntax
      const own = path.endsWith('/index.ts') ? exports.filter(({ from }) => from === undefined) : []
      const statements = syntax.root.body
      const others =
        Array.isArray(statements) && path.endsWith('/index.ts') ? statements.filter(isNoReExport) : []
      return [
        ...(exports.length > 40 ? [`${path} exports ${exports.length} names`] : []),
        ...exports.filter((entry) => entry.name === undefined).map(() => `${path} re-exports without names`),
        ...[...own, ...others].slice(0, 1).map(() => `${path} holds more than re-exports`),
      ]
    })
  })
  expect(faults).toEqual([])
})

test('HSE-7 no file is long beyond excuse, and none is called by a name that says nothing', () => {
  const long = packages.flatMap(sourcesOf).filter(({ text }) => linesOf(text) > 400)
  expect(long.map(({ path }) => path)).toEqual([])
  const all = packages.flatMap((name) => [...sourcesOf(name), ...testsOf(name)])
  const empty = /\/(?:(?:[a-z0-9-]+-)?(?:utils?|helpers?|manager)|common|types|misc|service)(?:\.test)?\.ts$/
  expect(all.filter(({ path }) => empty.test(path)).map(({ path }) => path)).toEqual([])
  tellOf(packages)
})

test('HSE-8 the types are not talked out of their work', () => {
  expect(faultsIn(packages, ({ syntax }) => silencingIn(syntax))).toEqual([])
})

test('HSE-9 every package says what it is', () => {
  const titles = packages.filter((name) => {
    const readme = join('packages', name, 'README.md')
    return !existsSync(join(root, readme)) || !textOfFile(readme).startsWith(`# @facet-id/${name}\n`)
  })
  expect(titles).toEqual([])
  // What a user has to give it and what it may answer, for whoever is not a test of ours.
  const silent = packages.filter(
    (name) => name !== 'testkit' && !/^## .*[Ee]rror/m.test(textOfFile(`packages/${name}/README.md`)),
  )
  expect(silent).toEqual([])
})

test('HSE-10 nothing tracked names a machine, a registry or a place of work', () => {
  const told =
    /(?:^|[\s"'`(=:])\/(?:work|root|home|tmp|Users)\/|registry\.(?:npmjs|yarnpkg)|\.internal\b|resolved": "http/m
  const faults = filesOfTheProject()
    .filter((path) => /\.(?:ts|mjs|js|json|ya?ml|md|sh|out|txt)$|^\.ci\/|^\.npmrc$|^LICENSE$/.test(path))
    .filter((path) => path !== 'test/architecture.test.ts' && existsSync(join(root, path)))
    .flatMap(
      (path) =>
        told
          .exec(textOfFile(path))
          ?.slice(0, 1)
          .map((found) => `${path}: ${found.trim()}`) ?? [],
    )
  expect(faults).toEqual([])
})

function faultsIn(
  names: readonly string[],
  lookAt: (source: Source) => readonly string[],
): readonly string[] {
  return names
    .flatMap(sourcesOf)
    .flatMap((source) => lookAt(source).map((found) => `${source.path}: ${found}`))
}

/** Imports of what is not declared, or from outside of where the file may reach by path. */
function strangersIn(
  { path, syntax }: Source,
  reach: string,
  declared: readonly string[],
): readonly string[] {
  const strangers = syntax.imports.filter((specifier) => {
    if (specifier.startsWith('node:')) return false
    if (specifier.startsWith('.')) return !posix.join(posix.dirname(path), specifier).startsWith(reach)
    return !declared.includes(packageOf(specifier))
  })
  return strangers.map((specifier) => `${path} imports ${specifier}`)
}

/** A file, and all of its own package that it imports, however far away. */
function filesNeededBy(path: string, sources: readonly Source[]): readonly string[] {
  const needed = new Set([path])
  // A set yields what is added to it while it is gone through.
  for (const at of needed) {
    const { imports = [] } = sources.find((source) => source.path === at)?.syntax ?? {}
    for (const specifier of imports) {
      if (specifier.startsWith('.')) needed.add(posix.join(posix.dirname(at), specifier))
    }
  }
  return [...needed]
}

function packageOf(specifier: string): string {
  const [scope = '', name = ''] = specifier.split('/')
  return scope.startsWith('@') ? `${scope}/${name}` : scope
}

function isNoReExport(statement: unknown): boolean {
  return !(
    typeof statement === 'object' &&
    statement !== null &&
    'source' in statement &&
    statement.source !== null &&
    'type' in statement &&
    String(statement.type).startsWith('Export')
  )
}

function linesOf(text: string): number {
  return text.split('\n').length
}

/** Smoke alarms: said, not failed. A suite of tests is one long function by nature. */
function tellOf(names: readonly string[]): void {
  const sources = names.flatMap(sourcesOf).filter(({ path }) => !path.includes('/contract/'))
  const alarms = [
    ...alarmsOf(sources, (source) => linesOf(source.text), [250, 'lines']),
    ...alarmsOf(names.flatMap(testsOf), (source) => linesOf(source.text), [400, 'lines']),
    ...alarmsOf(sources, ({ syntax, text }) => longestFunction(syntax, text), [60, 'lines in one function']),
  ]
  if (alarms.length > 0) console.log(`Look again:\n${alarms.join('\n')}`)
}

function alarmsOf(
  sources: readonly Source[],
  sizeOf: (source: Source) => number,
  [limit, unit]: readonly [number, string],
): readonly string[] {
  return sources.flatMap((source) =>
    sizeOf(source) > limit ? [`${source.path}: ${sizeOf(source)} ${unit}`] : [],
  )
}
