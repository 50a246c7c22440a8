import { writeFile } from 'node:fs/promises'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { temporaryDirectory } from '../config/temporary-directory.test-support.ts'
import { readPassphrase } from './passphrase.ts'
import { fakeTerminal } from './terminal.test-support.ts'

const directory = temporaryDirectory()
const fromFile = (path: string) => readPassphrase(fakeTerminal({ FACET_PASSPHRASE_FILE: path }), false)

test.each([
  ['correct horse', 'correct horse'],
  ['correct horse\n', 'correct horse'],
  ['correct horse\r\n', 'correct horse'],
  [' correct  horse \n\n', ' correct  horse \n'],
])('a file with %j holds the passphrase %j: of one line end only', async (text, passphrase) => {
  await writeFile(directory.in('passphrase'), text)
  expect(await fromFile(directory.in('passphrase'))).toBe(passphrase)
})

test('FCT-9 a file that is not there or empty, and nobody to ask, have codes', async () => {
  expect(await outcomeOf(() => fromFile(directory.in('nowhere')))).toBe('file_unusable')
  expect(await outcomeOf(() => fromFile(directory.path))).toBe('file_unusable')
  await writeFile(directory.in('empty'), '\n')
  expect(await outcomeOf(() => fromFile(directory.in('empty')))).toBe('passphrase_missing')
  expect(await outcomeOf(() => readPassphrase(fakeTerminal(), false))).toBe('passphrase_missing')
  expect(await outcomeOf(() => readPassphrase(fakeTerminal({ FACET_PASSPHRASE_FILE: '' }), true))).toBe(
    'passphrase_missing',
  )
})

test('FCT-7 what is typed is not shown, and blanks count', async () => {
  const terminal = fakeTerminal({}, [' correct horse '])
  expect(await readPassphrase(terminal, false)).toBe(' correct horse ')
  expect(terminal.printed).toEqual({ out: '', err: 'Passphrase of the wallet: \n' })
})

test('the passphrase of a new wallet is typed twice', async () => {
  expect(await readPassphrase(fakeTerminal({}, ['correct horse', 'correct horse']), true)).toBe(
    'correct horse',
  )
  const typed = (...answers: readonly string[]) =>
    outcomeOf(() => readPassphrase(fakeTerminal({}, answers), true))
  expect(await typed('correct horse', 'correct house')).toBe('passphrase_mismatch')
  expect(await typed('correct horse')).toBe('passphrase_mismatch')
  expect(await typed('')).toBe('passphrase_missing')
  expect(await typed()).toBe('passphrase_missing')
})
