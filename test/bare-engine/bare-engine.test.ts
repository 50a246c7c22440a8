/**
 * The holder's side in an engine that has the language and nothing else, as React Native's has: no module of Node,
 * no WebCrypto. What it needs of the world is given to it.
 */
import { fileURLToPath } from 'node:url'
import { createContext, Script } from 'node:vm'
import { random } from '@facet-id/crypto/node'
import type { Holder } from '@facet-id/holder'
import { expect, test } from 'vitest'
import { scriptOf } from '../browser/bundle.ts'
import { runFlow } from '../flow/flow.ts'
import { ISSUER, memoryStage, VERIFIER } from '../flow/memory.ts'
import { type Outside, openTests, type openWallet } from './wallet.ts'

const script = await scriptOf(fileURLToPath(new URL('wallet.ts', import.meta.url)), 'wallet')

interface Wallet {
  readonly openWallet: typeof openWallet
  readonly openTests: typeof openTests
}

/**
 * The two names that every engine of a wallet has besides the language's own; `credential` declares them. Their
 * bytes are of the engine that they are in, so they are made there, around the ones out here.
 */
const TEXTS = `
  const { encodeText, decodeText } = globalThis
  delete globalThis.encodeText
  delete globalThis.decodeText
  globalThis.TextEncoder = class { encode(text) { return Uint8Array.from(encodeText(text)) } }
  globalThis.TextDecoder = class { decode(bytes) { return decodeText(bytes) } }
`
const texts = {
  encodeText: (text: string) => new TextEncoder().encode(text),
  decodeText: (bytes: Uint8Array) => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes),
}

const removed = [
  'crypto',
  'process',
  'Buffer',
  'require',
  'module',
  'global',
  'fetch',
  'setTimeout',
  'URL',
  'WebAssembly',
]

function loadWallet(): Wallet {
  const context = createContext({ ...texts }, { codeGeneration: { strings: false, wasm: false } })
  const run = (source: string): unknown => new Script(source).runInContext(context)
  // The language of 2023, and not what engines have got since.
  run('delete globalThis.WebAssembly; delete Uint8Array.fromBase64; delete Uint8Array.prototype.toBase64')
  run(`{ ${TEXTS} }`)
  for (const name of removed) expect([name, run(`typeof ${name}`)]).toEqual([name, 'undefined'])
  run(script)
  // What the script of a bundle leaves behind under the name that it was given.
  return run('wallet') as Wallet
}

test('KEY-35 the bundle of a portable wallet asks for no module and no WebCrypto', () => {
  expect(script).not.toMatch(
    /\bnode:|\brequire\s*\(|\bimport\s*\(|\bcrypto\.subtle\b|\bprocess\.[a-z]|\bBuffer\.[a-z]/,
  )
  expect(script.length).toBeGreaterThan(100_000)
})

test('KEY-35 a wallet accepts, shows, and is refused, where there is neither Node nor WebCrypto', async () => {
  const stage = memoryStage()
  const sent: string[] = []
  const outside: Outside = {
    async send(request) {
      sent.push(request.url)
      return request.url.startsWith(ISSUER) ? stage.issuer.handle(request) : stage.verifier.handle(request)
    },
    random,
    nowMs: stage.time.nowMs,
    txCode: () => stage.person.txCode,
  }
  const holder: Holder = loadWallet().openWallet(outside)
  await runFlow({ ...stage, holder })
  expect(sent.some((url) => url.startsWith(ISSUER))).toBe(true)
  expect(sent.some((url) => url.startsWith(VERIFIER))).toBe(true)
  // The wallet of the stage did nothing of it.
  expect(stage.sent.filter(({ url }) => url.includes('/credential'))).toEqual([])
})

const { run } = loadWallet().openTests(random)
const titles = openTests(random).titles

for (const title of titles) {
  test(`${title} in a bare engine`, async () => {
    expect(await run(title)).toBe(undefined)
  })
}
