import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { root } from './house/tree.ts'
import { countLine } from './reporter.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'facet-run-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const PASSES = "test('a', () => {})"

test('HSE-21 the line names what was skipped only where something was', () => {
  expect(countLine({ passed: 3, failed: 0, skipped: 0 })).toBe('3 passed, 0 failed')
  expect(countLine({ passed: 3, failed: 1, skipped: 2 })).toBe('3 passed, 1 failed, 2 skipped')
})

test.each([
  ['passes', PASSES, '1 passed, 0 failed', 0],
  [
    'fails',
    `${PASSES}; test('b', () => { throw new Error('b') }); test.skip('c', () => {})`,
    '1 passed, 1 failed, 1 skipped',
    1,
  ],
  ['cannot be read', `${PASSES}; import './nothing.ts'`, '0 passed, 1 failed', 1],
  ['has no test', '', '0 passed, 1 failed', 1],
  [
    'fails before its tests',
    `beforeAll(() => { throw new Error('x') }); ${PASSES}`,
    '0 passed, 1 failed, 1 skipped',
    1,
  ],
  ['fails besides its tests', `${PASSES}; Promise.reject(new Error('late'))`, '1 passed, 1 failed', 1],
])('HSE-21 a run whose file %s ends with its count', async (_how, text, line, exitCode) => {
  writeFileSync(join(folder, 'sample.test.ts'), text)
  const ended = await run()
  expect(ended.stdout.endsWith(`\n${line}\n`)).toBe(true)
  expect(ended.code).toBe(exitCode)
})

test('HSE-21 a run without any file ends with its count', async () => {
  const { code, stdout } = await run()
  expect({ code, last: stdout.trimEnd().split('\n').at(-1) }).toEqual({ code: 1, last: '0 passed, 1 failed' })
})

function run(): Promise<{ readonly code: number; readonly stdout: string }> {
  const vitest = join(root, 'node_modules/vitest/vitest.mjs')
  const args = [
    vitest,
    'run',
    '--globals',
    '--root',
    folder,
    '--reporter=default',
    `--reporter=${join(root, 'test/reporter.ts')}`,
  ]
  const env = {
    ...process.env,
    NO_COLOR: '1',
    VITEST: undefined,
    VITEST_POOL_ID: undefined,
    VITEST_WORKER_ID: undefined,
  }
  return new Promise((resolve) => {
    const child = execFile(process.execPath, args, { cwd: folder, env }, (_error, stdout) => {
      resolve({ code: child.exitCode ?? -1, stdout })
    })
  })
}
