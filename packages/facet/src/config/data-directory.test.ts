import { execFileSync } from 'node:child_process'
import { mkdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises'
import { openLevelStore } from '@facet-id/level'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { makeDataDirectory, openNodeData, storeIn } from './data-directory.ts'
import { temporaryDirectory } from './temporary-directory.test-support.ts'

const directory = temporaryDirectory()
const value = new TextEncoder().encode('given_name=Anna Maria')

test('FCT-3, FCT-7 what was put in is there again, and rests sealed', async () => {
  const data = directory.in('a name with spaces')
  const first = await openNodeData(data, {})
  await first.store.commit([{ op: 'put', ns: 'a', key: 'k', value }])
  const derived = first.deriveKey('one purpose')
  await first.close()

  const again = await openNodeData(data, {})
  expect((await again.store.get('a', 'k'))?.value).toEqual(value)
  expect(again.deriveKey('one purpose')).toEqual(derived)
  expect(again.deriveKey('another purpose')).not.toEqual(derived)
  await again.close()

  const beneath = await openLevelStore({ location: storeIn(data) })
  const { value: resting } = (await beneath.get('a', 'k')) ?? {}
  expect(Buffer.from(resting ?? []).includes('Anna Maria')).toBe(false)
  await beneath.close()
})

test("a data directory is its owner's alone", async () => {
  await makeDataDirectory(directory.in('deep/data'))
  expect((await stat(directory.in('deep/data'))).mode & 0o777).toBe(0o700)
})

test('FCT-6 without its key the data stays shut, and with another one too', async () => {
  const data = directory.in('data')
  await (await openNodeData(data, {})).close()
  const key = await readFile(`${data}.key`)
  await rm(`${data}.key`)
  expect(await outcomeOf(() => openNodeData(data, {}))).toBe('key_file_missing')
  await (await openNodeData(directory.in('other'), {})).close()
  expect(await outcomeOf(() => openNodeData(data, { FACET_KEY_FILE: directory.in('other.key') }))).toBe(
    'key_wrong',
  )
  await writeFile(`${data}.key`, key, { mode: 0o600 })
  await (await openNodeData(data, {})).close()
})

test('FCT-6 a key file inside the data directory is refused, also behind links', async () => {
  const data = directory.in('data')
  await mkdir(data)
  await symlink(data, directory.in('link to data'))
  await symlink(`${data}/key`, directory.in('link.key'))
  await writeFile(`${data}/key`, '')
  const opened = (at: string, keyFile: string) =>
    outcomeOf(() => openNodeData(at, { FACET_KEY_FILE: keyFile }))
  expect(await opened(data, `${data}/key`)).toBe('key_file_inside_data')
  expect(await opened(data, `${data}/..key`)).toBe('key_file_inside_data')
  expect(await opened(data, directory.in('link to data/key'))).toBe('key_file_inside_data')
  expect(await opened(directory.in('link to data'), `${data}/key`)).toBe('key_file_inside_data')
  expect(await opened(data, directory.in('link.key'))).toBe('key_file_inside_data')
  expect(await opened(data, directory.in('data.key'))).toBe('accepted')
})

test('FCT-9 a path that is a file, or leads through one, is no data directory', async () => {
  await writeFile(directory.in('file'), '')
  expect(await outcomeOf(() => openNodeData(directory.in('file'), {}))).toBe('data_directory_unusable')
  expect(await outcomeOf(() => openNodeData(directory.in('file/data'), {}))).toBe('data_directory_unusable')
  expect(await outcomeOf(() => stat(directory.in('file.key')))).toBe('ENOENT')
})

test('FCT-9 a key file that is a directory, or cannot be made, is refused', async () => {
  await mkdir(directory.in('keys'))
  await writeFile(directory.in('file'), '')
  const opened = (keyFile: string) =>
    outcomeOf(() => openNodeData(directory.in('data'), { FACET_KEY_FILE: keyFile }))
  expect(await opened(directory.in('keys'))).toBe('key_file_unusable')
  expect(await opened(directory.in('file/key'))).toBe('key_file_unusable')
})

test('FCT-9 a data directory that may not be written to is refused', async () => {
  const data = directory.in('data')
  await mkdir(data, { mode: 0o500 })
  // Who is allowed everything has to be somebody else for a moment.
  const root = process.getuid?.() === 0
  const child = [
    `import { makeDataDirectory } from ${JSON.stringify(new URL('data-directory.ts', import.meta.url).pathname)}`,
    ...(root ? ['process.setgid(65534); process.setuid(65534)'] : []),
    `makeDataDirectory(${JSON.stringify(data)}).then(() => console.log('accepted'), ({ code }) => console.log(code))`,
  ].join('\n')
  const args = ['-C', '@facet-id/source', '--input-type=module', '--eval', child]
  expect(execFileSync(process.execPath, args, { encoding: 'utf8' })).toBe('data_directory_unusable\n')
})

test('FCT-7 what has expired by the clock that is given is absent by the same clock', async () => {
  const time = { at: 1000 }
  const { store, close } = await openNodeData(directory.in('data'), {}, { now: () => time.at })
  await store.commit([{ op: 'put', ns: 'a', key: 'k', value, expiresAt: 2_000_000 }])
  expect(await store.get('a', 'k')).toBeDefined()
  time.at = 2000
  expect(await store.get('a', 'k')).toBeUndefined()
  await close()
})
