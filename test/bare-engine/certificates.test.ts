/** Certificates in an engine that has the language and texts: no Node, no browser, not even base64. */
import { fileURLToPath } from 'node:url'
import { createContext, Script } from 'node:vm'
import { outcomeOf, vectors } from '@facet-id/testkit'
import { readCertificate } from '@facet-id/trust/x509'
import { expect, test } from 'vitest'
import { scriptOf } from '../browser/bundle.ts'

const script = await scriptOf(fileURLToPath(new URL('certificates.ts', import.meta.url)), 'certificates')

function bareRead(): (der: Uint8Array) => string {
  const context = createContext(
    { TextEncoder, TextDecoder },
    { codeGeneration: { strings: false, wasm: false } },
  )
  const run = (source: string): unknown => new Script(source).runInContext(context)
  for (const name of ['Buffer', 'process', 'require', 'btoa', 'atob', 'crypto'])
    expect([name, run(`typeof ${name}`)]).toEqual([name, 'undefined'])
  run(script)
  const read = run(`(text) => {
    const der = Uint8Array.from(text.split(',').map(Number))
    try { return JSON.stringify(certificates.readCertificate(der).key) } catch (error) { return error.code ?? String(error) }
  }`) as (text: string) => string
  return (der) => read(der.join())
}

test('PKG-5, X509-2 certificates are read, and refused, without any platform as with one', () => {
  const read = bareRead()
  const all = vectors(new URL('../../packages/trust/vectors/certificate/', import.meta.url))
  expect(all.length).toBeGreaterThan(30)
  for (const { input } of all) {
    const der = new Uint8Array(Buffer.from(String(input), 'base64'))
    const outcome = outcomeOf(() => readCertificate(der))
    expect(read(der)).toBe(outcome === 'accepted' ? JSON.stringify(readCertificate(der).key) : outcome)
  }
})
