import { stat, writeFile } from 'node:fs/promises'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { temporaryDirectory } from '../config/temporary-directory.test-support.ts'
import { demoPassphrase } from './passphrase.ts'

const directory = temporaryDirectory()

test("FCT-7 the passphrase of a demonstration is random, its owner's alone, and beside the data", async () => {
  const passphrase = await demoPassphrase(directory.in('demo'))
  expect(passphrase).toMatch(/^[A-Za-z0-9_-]{32}$/)
  expect((await stat(directory.in('demo.passphrase'))).mode & 0o777).toBe(0o600)
  expect(await outcomeOf(() => stat(directory.in('demo')))).toBe('ENOENT')
  expect(await demoPassphrase(directory.in('other'))).not.toBe(passphrase)
})

test('FCT-3 a second start finds it again, however the directory is written', async () => {
  const passphrase = await demoPassphrase(directory.in('demo'))
  expect(await demoPassphrase(directory.in('demo/'))).toBe(passphrase)
  expect(await demoPassphrase(directory.in('other/../demo'))).toBe(passphrase)
})

test('FCT-9 an empty passphrase, and one that cannot be kept, are refused', async () => {
  await writeFile(directory.in('empty.passphrase'), '')
  expect(await outcomeOf(() => demoPassphrase(directory.in('empty')))).toBe('passphrase_missing')
  await writeFile(directory.in('file'), '')
  expect(await outcomeOf(() => demoPassphrase(directory.in('file/demo')))).toBe('file_unusable')
})
