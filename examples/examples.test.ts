import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const here = new URL('./', import.meta.url)
const run = promisify(execFile)

/** Every example has a transcript beside it. */
const examples = readdirSync(here)
  .filter((name) => name.endsWith('.out'))
  .map((name) => name.slice(0, -'.out'.length))

test.each(examples)('FCT-8 the example "%s" prints what its transcript says', async (name) => {
  const script = fileURLToPath(new URL(`${name}.ts`, here))
  const { stdout, stderr } = await run(process.execPath, ['-C', '@facet-id/source', script], {
    env: { ...process.env, NO_COLOR: '1' },
    timeout: 60_000,
  })
  expect(stderr).toBe('')
  expect(stdout).toBe(readFileSync(new URL(`${name}.out`, here), 'utf8'))
})

test('FCT-8 there is an example for each role, of some twenty lines', () => {
  expect(examples).toEqual(['hold', 'issue', 'offline', 'page', 'plain', 'platform', 'verify'])
  for (const name of ['hold', 'issue', 'verify']) {
    const lines = readFileSync(new URL(`${name}.ts`, here), 'utf8')
      .split('\n')
      .filter((line) => line.trim() !== '')
    expect(lines.length).toBeLessThanOrEqual(30)
  }
})

test('FCT-8 the first snippet of the README is the example "verify"', () => {
  const readme = readFileSync(new URL('../README.md', here), 'utf8')
  const [, snippet] = /```ts\n([\s\S]*?)```/.exec(readme) ?? []
  expect(snippet).toBe(readFileSync(new URL('verify.ts', here), 'utf8'))
})
