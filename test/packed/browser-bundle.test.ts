import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { bundleForBrowser, strangersIn } from './browser-bundle.ts'

const strangersOf = async (text: string): Promise<readonly string[]> =>
  strangersIn(await bundleForBrowser({ text, folder: tmpdir() }))

test.each([
  ["export { createHash } from 'node:crypto'", ['node:crypto']],
  ["export const hash = () => import('node:crypto')", ['node:crypto']],
  ["export { EventEmitter } from 'events'", ['events']],
  ['export const size = (text) => Buffer.from(text).length', ['Buffer']],
  ["export const told = process.env['TOLD']", ['process']],
  ["export const load = () => typeof require === 'function' && require", ['require']],
])('sees what no browser has: %s', async (text, found) => {
  expect(await strangersOf(text)).toEqual(found)
})

test.each([
  'export const told = { process: 1, Buffer: 2 }.process',
  'export const said = "process.env, Buffer and require(x)"',
  'export const view = (bytes) => bytes.buffer',
  'export const hash = (data) => crypto.subtle.digest("SHA-256", data)',
])('takes what a browser has: %s', async (text) => {
  expect(await strangersOf(text)).toEqual([])
})

test('counts what is loaded only when it is needed by itself', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'facet-bundle-'))
  try {
    await writeFile(join(folder, 'later.js'), `export const later = ${JSON.stringify('later '.repeat(9))}`)
    const text = "export const now = 'now'\nexport const load = () => import('./later.js')"
    const bundle = await bundleForBrowser({ text, folder })
    expect(bundle.files.map(({ code }) => code.includes('later later'))).toEqual([false, true])
    expect(bundle.gzipped).toBeGreaterThan(0)
    expect(bundle.gzippedLater).toBeGreaterThan(0)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})
