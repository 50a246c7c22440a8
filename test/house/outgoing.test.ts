import { posix } from 'node:path'
import { expect, test } from 'vitest'
import { outgoingIn } from './outgoing.ts'
import { syntaxOf } from './syntax.ts'
import { packages, sourcesOf } from './tree.ts'

const read = (text: string) => syntaxOf('sample.ts', text)

test.each([
  ["import { request } from 'node:https'", ['node:https']],
  ["import https from 'https'", ['https']],
  ["import type { Server } from 'node:http'", []],
  ["import { type Server } from 'node:http'", []],
  ["import { createServer, STATUS_CODES } from 'node:http'", []],
  ["import { createServer, request } from 'node:http'", ['node:http']],
  ["import { request as createServer } from 'node:http'", ['node:http']],
  ["import * as http from 'node:http'", ['node:http']],
  ["import { lookup } from 'node:dns/promises'", ['node:dns/promises']],
  ["import { connect } from 'node:net'", ['node:net']],
  ["import { request } from 'undici'", ['undici']],
  ["const { get } = await import('node:http')", ['node:http']],
  ["const net = require('net')", ['net']],
  ["const net = process.getBuiltinModule('node:net')", ['node:net']],
  ["export { request } from 'node:http'", ['node:http']],
  ["fetch('https://a.example')", ['fetch']],
  ["globalThis.fetch('x')", ['fetch']],
  ["window['fetch']('x')", ['fetch']],
  ['const get = fetch', ['fetch']],
  ['use({ get: fetch })', ['fetch']],
  ['use(fetch)', ['fetch']],
  ['new XMLHttpRequest()', ['XMLHttpRequest']],
  ["new WebSocket('wss://a.example')", ['WebSocket']],
  ["navigator.sendBeacon('x')", ['sendBeacon']],
  ['const f = ({ fetch }) => fetch()', []],
  ['function f(fetch) { return fetch() }', []],
  ['store.fetch(1)', []],
  ["const text = 'fetch()' // fetch()", []],
  ['const send = given ?? fetch', ['fetch']],
  ['const send = given || fetch', ['fetch']],
  ['const send = given ? given : fetch', ['fetch']],
  ['function f(send = fetch) {}', ['fetch']],
  ['const f = ({ send = fetch }) => send', ['fetch']],
  ['class A { send = fetch }', ['fetch']],
  ['const [send] = [fetch]', ['fetch']],
  ['const all = { fetch }', ['fetch']],
  ['const all = { ...fetch }', ['fetch']],
  ['let send; send = fetch', ['fetch']],
  ['export default fetch', ['fetch']],
  ['export { fetch }', ['fetch']],
  ["(0, fetch)('x')", ['fetch']],
  ["fetch.call(null, 'x')", ['fetch']],
  ["fetch.bind(null)('x')", ['fetch']],
  ["Reflect.apply(fetch, null, ['x'])", ['fetch']],
  ["(fetch as Send)('x')", ['fetch']],
  ['const f = ({ fetch }) => fetch(); const get = fetch', ['fetch']],
  ['class A extends WebSocket {}', ['WebSocket']],
  ['const { fetch } = globalThis', ['globalThis']],
  ['const { fetch: get } = globalThis', ['globalThis']],
  ['const g = globalThis', ['globalThis']],
  ["const get = globalThis[['fe', 'tch'].join('')]", ['globalThis']],
  ['globalThis.globalThis.fetch()', ['globalThis']],
  ["global.fetch('x')", ['fetch']],
  ['use(global)', ['global']],
  ['const { sendBeacon } = navigator', ['navigator']],
  ["eval('fe' + 'tch()')", ['eval']],
  ["new Function('return fetch')()", ['Function']],
  ['const net = await import(`node:net`)', ['node:net']],
  ['const net = await import(name)', ['import()']],
  ["const net = await import('node:' + name)", ['import()']],
  ['function require(is) {} require(isRight)', []],
  ['const net = require(`net`)', ['net']],
  ['const net = process.getBuiltinModule(name)', ['getBuiltinModule']],
  ["import { createRequire } from 'node:module'", ['node:module']],
  ["import { spawn } from 'node:child_process'", ['node:child_process']],
  ["import { runInThisContext } from 'node:vm'", ['node:vm']],
  ['type Send = typeof fetch', []],
  ['interface A { fetch(): void }', []],
  ['class A { fetch() {} }', []],
  ["import { fetch } from './ours.ts'; fetch()", []],
  ['try {} catch (fetch) { fetch() }', []],
  ['for (const fetch of all) fetch()', []],
  ['globalThis.structuredClone(1)', []],
  ["const { a } = await import('./ours.ts')", []],
])('sees what reaches the network: %s', (text, found) => {
  expect(outgoingIn(read(text))).toEqual(found)
})

/** Who may: the one way out. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  // Looks whether there are timers.
  'packages/crypto/src/noble/passphrase.ts': ['globalThis'],
  // The person's own browser, where they ask for it with --open.
  'packages/facet/src/terminal/open-browser.ts': ['node:child_process'],
  'packages/resolve/src/node/checked-lookup.ts': ['node:dns/promises'],
  'packages/resolve/src/node/exchange.ts': ['node:http', 'node:https'],
  'packages/resolve/src/node/transport.ts': ['node:http', 'node:https'],
}

test('NET-31 nothing of ours reaches the network but the one safe fetch', () => {
  const found = packages.flatMap(sourcesOf).flatMap(({ path, syntax }) =>
    outgoingIn(syntax)
      .filter((name) => !(allowed[path] ?? []).includes(name))
      .map((name) => `${path}: ${name}`),
  )
  expect(found).toEqual([])
})

test('NET-32 what a page loads of the resolver has nothing of Node in it', () => {
  const sources = new Map(sourcesOf('resolve').map((source) => [source.path, source.syntax]))
  const open = ['packages/resolve/src/index.ts', 'packages/resolve/src/web/index.ts']
  const seen = new Set<string>()
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (seen.has(path)) continue
    seen.add(path)
    for (const specifier of sources.get(path)?.imports ?? []) {
      expect([path, specifier]).toEqual([path, expect.not.stringMatching(/^node:/)])
      if (specifier.startsWith('.')) open.push(posix.join(posix.dirname(path), specifier))
    }
  }
  expect(seen.size).toBeGreaterThan(10)
})
