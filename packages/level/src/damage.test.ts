import { mkdir, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { outcomeOf, seededRandom } from '@facet-id/testkit'
import { Level } from 'level'
import { afterAll, expect, test } from 'vitest'
import { writeNumberCell } from './cells.ts'
import { openLevelStore } from './open-level-store.ts'

const root = await mkdtemp(join(tmpdir(), 'facet-damage-'))
let count = 0
afterAll(() => rm(root, { recursive: true }))

const random = seededRandom('damage')
const values = new Map<string, Uint8Array>(
  Array.from({ length: 50 }, (_, index) => [`k${index}`, random(500)] as const),
)

/** A directory with a table, a log and a manifest that all hold something, closed cleanly. */
async function writtenStore(): Promise<string> {
  const location = join(root, String(count++))
  const entries = [...values]
  for (const part of [entries.slice(0, 25), entries.slice(25)]) {
    const store = await openLevelStore({ location })
    await store.commit(part.map(([key, value]) => ({ op: 'put', ns: 'a', key, value })))
    await store.close()
  }
  return location
}

/** The files that hold data: not the engine's diary and not its lock. */
async function dataFiles(location: string): Promise<Map<string, string>> {
  const names = (await readdir(location)).filter((name) => !/^(?:LOG|LOCK|CLEAN)/.test(name))
  return new Map(
    await Promise.all(
      names.map(async (name) => [name, (await readFile(join(location, name))).toString('hex')] as const),
    ),
  )
}

async function readAll(location: string): Promise<number> {
  const store = await openLevelStore({ location })
  try {
    let found = 0
    for await (const { key, value } of store.range('a')) {
      expect(value).toEqual(values.get(key))
      found++
    }
    return found
  } finally {
    await store.close()
  }
}

async function fileLike(location: string, pattern: RegExp): Promise<string> {
  const names = (await readdir(location)).filter((name) => pattern.test(name)).toSorted()
  return join(location, names.at(-1) ?? 'missing')
}

const kinds: readonly (readonly [string, RegExp])[] = [
  ['the table', /\.ldb$/],
  ['the log', /\.log$/],
  ['the manifest', /^MANIFEST/],
  ['CURRENT', /^CURRENT$/],
]
const damages: readonly (readonly [string, (path: string) => Promise<void>])[] = [
  ['cut to half', async (path) => truncate(path, Math.floor((await stat(path)).size / 2))],
  ['short of its last byte', async (path) => truncate(path, (await stat(path)).size - 1)],
  ['empty', (path) => truncate(path, 0)],
  ['missing', (path) => rm(path)],
]
for (const [kind, pattern] of kinds) {
  for (const [damage, inflict] of damages) {
    test(`STO-42 refuses a store with ${kind} ${damage}, repairs nothing, and reads again when it is restored`, async () => {
      const location = await writtenStore()
      const path = await fileLike(location, pattern)
      const sound = await readFile(path)
      await inflict(path)
      const before = await dataFiles(location)
      for (const _ of [1, 2])
        expect(await outcomeOf(() => openLevelStore({ location }))).toBe('store_corrupt')
      expect(await dataFiles(location)).toEqual(before)
      await writeFile(path, sound)
      expect(await readAll(location)).toBe(50)
    })
  }
}

for (const [kind, pattern] of kinds.slice(2)) {
  test(`STO-42 refuses a store with ${kind} empty after a crash, too`, async () => {
    const location = await writtenStore()
    await rm(join(location, 'CLEAN.json'))
    await truncate(await fileLike(location, pattern), 0)
    const before = await dataFiles(location)
    expect(await outcomeOf(() => openLevelStore({ location }))).toBe('store_corrupt')
    expect(await dataFiles(location)).toEqual(before)
  })
}

test('STO-42 begins no new store over the remains of one', async () => {
  const location = await writtenStore()
  for (const name of ['CURRENT', 'CLEAN.json']) await rm(join(location, name))
  expect(await outcomeOf(() => openLevelStore({ location }))).toBe('store_corrupt')
})

test('STO-43 refuses a value that was changed on the disk, and reads the others', async () => {
  const location = await writtenStore()
  const path = await fileLike(location, /\.ldb$/)
  const bytes = await readFile(path)
  const at = bytes.indexOf(values.get('k7') ?? '')
  expect(at).toBeGreaterThan(0)
  bytes[at + 100] = (bytes[at + 100] ?? 0) ^ 1
  await writeFile(path, bytes)
  const store = await openLevelStore({ location })
  expect(await outcomeOf(() => store.get('a', 'k7'))).toBe('store_corrupt')
  expect(await outcomeOf(() => store.commit([{ op: 'take', ns: 'a', key: 'k7' }]))).toBe('store_corrupt')
  expect((await store.get('a', 'k30'))?.value).toEqual(values.get('k30'))
  await store.close()
})

test('STO-38 opens after a crash with the last write unfinished, without that write', async () => {
  const location = join(root, String(count++))
  const store = await openLevelStore({ location })
  await store.commit([{ op: 'put', ns: 'a', key: 'k0', value: values.get('k0') ?? new Uint8Array() }])
  await store.commit([{ op: 'put', ns: 'a', key: 'k1', value: values.get('k1') ?? new Uint8Array() }])
  await store.close()
  await rm(join(location, 'CLEAN.json'))
  const log = await fileLike(location, /\.log$/)
  await truncate(log, (await stat(log)).size - 100)
  expect(await readAll(location)).toBe(1)
})

test('STO-42 takes a mark that cannot be read for none', async () => {
  const location = await writtenStore()
  await writeFile(join(location, 'CLEAN.json'), '{"v":1,"files":[{"name":"../../x","size":1},7')
  expect(await readAll(location)).toBe(50)
  await writeFile(
    join(location, 'CLEAN.json'),
    '{"v":1,"files":[{"name":"../x","size":1},7,null,{"name":"LOG"}]}',
  )
  expect(await readAll(location)).toBe(50)
})

test('STO-44 refuses a database that is no store, and one of a newer release', async () => {
  const location = join(root, String(count++))
  const foreign = new Level(location)
  await foreign.put('some', 'thing')
  await foreign.close()
  expect(await outcomeOf(() => openLevelStore({ location }))).toBe('format_unknown')
  await foreign.open()
  expect(await foreign.get('some')).toBe('thing')
  await foreign.put<string, Uint8Array>('f', writeNumberCell(2), { valueEncoding: 'view' })
  await foreign.close()
  expect(await outcomeOf(() => openLevelStore({ location }))).toBe('format_unknown')
  expect(await outcomeOf(() => openLevelStore({ location }))).toBe('format_unknown')
})

test.skipIf(process.platform === 'win32')(
  'STO-45 makes a directory that only its owner can read',
  async () => {
    const location = join(root, String(count++), 'deep')
    await (await openLevelStore({ location })).close()
    expect((await stat(location)).mode & 0o777).toBe(0o700)
    expect((await stat(join(location, '..'))).mode & 0o777).toBe(0o700)
  },
)

test('STO-41 refuses with a code a location that is no directory', async () => {
  const file = join(root, 'file')
  await writeFile(file, 'x')
  expect(await outcomeOf(() => openLevelStore({ location: file }))).toBe('store_unavailable')
  expect(await outcomeOf(() => openLevelStore({ location: join(file, 'below') }))).toBe('store_unavailable')
  await mkdir(join(root, 'as-directory', 'CURRENT'), { recursive: true })
  const outcome = await outcomeOf(() => openLevelStore({ location: join(root, 'as-directory') }))
  expect(['store_unavailable', 'store_corrupt']).toContain(outcome)
})
