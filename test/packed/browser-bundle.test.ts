import { tmpdir } from 'node:os'
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
