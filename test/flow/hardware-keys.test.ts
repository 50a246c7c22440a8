/** The whole journey with keys that an application's native module holds, as the holder's documents show it. */
import { createECDH, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { hardwareKeys, type SecureElement } from '@facet-id/crypto/holder-keys'
import { expect, test } from 'vitest'
import { runFlow } from './flow.ts'
import { memoryStage } from './memory.ts'

/** Stands for the module in Swift or Kotlin: answers later, and gives no key out. */
const held = new Map<string, KeyObject>()
const NativeKeys = {
  async generate(name: string): Promise<void> {
    held.set(name, generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)
  },
  async publicKey(name: string): Promise<Uint8Array | null> {
    const ecdh = createECDH('prime256v1')
    const { d } = held.get(name)?.export({ format: 'jwk' }) ?? {}
    if (d === undefined) return null
    ecdh.setPrivateKey(Buffer.from(d, 'base64url'))
    return new Uint8Array(ecdh.getPublicKey())
  },
  async sign(name: string, data: Uint8Array): Promise<Uint8Array> {
    const key = held.get(name)
    if (key === undefined) throw new Error('there is no such key')
    return new Uint8Array(sign('sha256', data, key))
  },
  async remove(name: string): Promise<void> {
    held.delete(name)
  },
}

const element: SecureElement = {
  generate: (name) => NativeKeys.generate(name),
  publicKey: async (name) => (await NativeKeys.publicKey(name)) ?? undefined,
  sign: (name, data) => NativeKeys.sign(name, data),
  remove: (name) => NativeKeys.remove(name),
}

test('KEY-31 a credential is issued to keys in hardware, shown with them, and forgotten with them', async () => {
  const stage = memoryStage({ holder: { keys: hardwareKeys(element) } })
  await runFlow(stage)
  expect(held.size).toBeGreaterThan(0)
  for (const { credentialId } of await stage.holder.credentials()) await stage.holder.forget(credentialId)
  expect(held.size).toBe(0)
})

test('KEY-31 what the documents show of it is what runs here', () => {
  const here = readFileSync(new URL(import.meta.url), 'utf8')
  const documents = readFileSync(
    new URL('../../packages/holder/docs/hardware-keys.md', import.meta.url),
    'utf8',
  )
  const [snippet = 'absent'] = /const element: SecureElement = \{\n[\s\S]*?\n\}/.exec(documents) ?? []
  expect(here).toContain(snippet)
})
