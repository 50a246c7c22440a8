import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { outcomeOf } from '@facet-id/testkit'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { keyFileOf, openKeyFile } from './key-file.ts'

let directory = ''
let data = ''
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'facet-key-'))
  data = join(directory, 'data')
  await mkdir(data)
})
afterEach(() => rm(directory, { recursive: true, force: true }))

test('FCT-6 the key file lies beside the data directory unless FACET_KEY_FILE names another', () => {
  expect(keyFileOf(data, {})).toBe(`${data}.key`)
  expect(keyFileOf(`${data}/`, {})).toBe(`${data}.key`)
  expect(keyFileOf(data, { FACET_KEY_FILE: '/run/keys/facet' })).toBe('/run/keys/facet')
  expect(keyFileOf(data, { FACET_KEY_FILE: '' })).toBe(`${data}.key`)
})

test('FCT-6 the key is random, readable by its owner only, and the same at the next start', async () => {
  const file = `${data}.key`
  const key = await openKeyFile(file, data, false)
  expect(key).toHaveLength(32)
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(await openKeyFile(file, data, true)).toEqual(key)
  expect(await openKeyFile(`${directory}/other.key`, data, false)).not.toEqual(key)
})

test('FCT-6 of two that start at once, both have the same key', async () => {
  const file = `${data}.key`
  const keys = await Promise.all(Array.from({ length: 10 }, () => openKeyFile(file, data, false)))
  expect(new Set(keys.map((key) => Buffer.from(key).toString('hex'))).size).toBe(1)
})

test('FCT-6 a key file inside the data directory is refused', async () => {
  const code = await outcomeOf(() => openKeyFile(join(data, 'key'), data, false))
  expect(code).toBe('key_file_inside_data')
})

test('FCT-6 a key file that others can read is refused', async () => {
  const file = `${data}.key`
  await openKeyFile(file, data, false)
  await chmod(file, 0o640)
  expect(await outcomeOf(() => openKeyFile(file, data, true))).toBe('key_file_exposed')
})

test('FCT-6 where there is sealed data, a missing key is not made anew', async () => {
  expect(await outcomeOf(() => openKeyFile(`${data}.key`, data, true))).toBe('key_file_missing')
  expect(await outcomeOf(() => stat(`${data}.key`))).toBe('ENOENT')
})

test('FCT-6 a file that is no key is refused', async () => {
  await writeFile(`${data}.key`, 'secret', { mode: 0o600 })
  expect(await outcomeOf(() => openKeyFile(`${data}.key`, data, true))).toBe('key_file_malformed')
})
