import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { referenceFaults } from '../scripts/references.mjs'
import { workspaceMembers } from '../scripts/workspace.mjs'
import {
  type Manifest,
  manifestOf,
  packages,
  pure,
  roles,
  root,
  textOfFile,
  trackedFiles,
} from './house/tree.ts'

const members = workspaceMembers(root)
const published = packages.filter((name) => manifestOf(`packages/${name}`).private !== true)

test('HSE-3 pure packages and roles compile without the types of any platform', () => {
  const base = JSON.parse(textOfFile('tsconfig.base.json')).compilerOptions
  expect([base.lib, base.types]).toEqual([['ES2023'], []])
  for (const name of [...pure, ...roles]) {
    const { extends: parent, compilerOptions } = JSON.parse(textOfFile(`packages/${name}/tsconfig.json`))
    expect({ name, parent, types: compilerOptions.types, lib: compilerOptions.lib }).toEqual({
      name,
      parent: '../../tsconfig.base.json',
      types: undefined,
      lib: undefined,
    })
  }
})

test('HSE-3 nothing is aliased and nothing is hoisted', () => {
  const configs = members.flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => /^tsconfig.*\.json$/.test(name))
      .map((name) => `${folder}/${name}`),
  )
  for (const path of ['tsconfig.json', 'tsconfig.base.json', 'tsconfig.tests.json', ...configs]) {
    const { compilerOptions = {} } = JSON.parse(textOfFile(path))
    expect({ path, paths: compilerOptions.paths, baseUrl: compilerOptions.baseUrl }).toEqual({ path })
  }
  expect(textOfFile('vitest.config.ts')).not.toMatch(/alias/)
  expect(textOfFile('pnpm-workspace.yaml')).toMatch(/^hoist: false$/m)
  expect(textOfFile('pnpm-workspace.yaml')).toMatch(/^publicHoistPattern: \[\]$/m)
})

test('HSE-11 project references mirror what each member declares', () => {
  expect(referenceFaults(root)).toEqual([])
})

test('HSE-11 the members are those that pnpm knows', () => {
  expect([...members].sort()).toEqual(
    [...packages.map((name) => `packages/${name}`), 'examples', 'test', 'test/interop'].sort(),
  )
})

test('HSE-12 what is published shows no source, and a front for each that it has here', () => {
  for (const name of published) {
    const { exports = {}, publishConfig } = manifestOf(`packages/${name}`)
    const outside = Object.entries(exports).map(([subpath, { '@facet-id/source': source, ...rest }]) => {
      expect({ name, subpath, source: source?.startsWith('./src/') }).toEqual({ name, subpath, source: true })
      return [subpath, rest] as const
    })
    expect({ name, exports: publishConfig?.exports }).toEqual({ name, exports: Object.fromEntries(outside) })
  }
})

test('HSE-12 what is needed from outside is pinned, and ours is taken from the workspace', () => {
  const faults = ['.', ...members].flatMap((folder) => {
    const { dependencies, devDependencies }: Manifest = manifestOf(folder)
    return Object.entries({ ...dependencies, ...devDependencies })
      .filter(([name, range]) =>
        name.startsWith('@facet-id/') ? range !== 'workspace:*' : !/^\d+\.\d+\.\d+$/.test(range),
      )
      .map(([name, range]) => `${folder} takes ${name} at ${range}`)
  })
  expect(faults).toEqual([])
})

test('HSE-10 the lockfile names no host', () => {
  expect(textOfFile('pnpm-lock.yaml')).not.toMatch(/:\/\/|tarball:/)
})

const made = trackedFiles('-ci', '--exclude-standard')

test.skipIf(made === undefined)('HSE-13 what is made is not tracked', () => {
  expect(made).toEqual([])
})
