import { createECDH, createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { holderKeysContract } from '@facet-id/holder/contract'
import { checkSignatures, outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { hardwareKeys, type SecureElement } from './hardware-keys.ts'
import { memoryKeyShelf } from './key-shelf.ts'
import { webKeys } from './web-keys.ts'

const runner = { test, expect }

// In a browser they rest in IndexedDB: see `test/browser`.
for (const alg of ['ES256', 'EdDSA'] as const) {
  const open = () => {
    const shelf = memoryKeyShelf()
    return { keys: webKeys(shelf, alg), reopen: () => webKeys(shelf, alg) }
  }
  holderKeysContract(runner, `WebCrypto, ${alg}`, open, checkSignatures)
}

holderKeysContract(
  runner,
  'secure element',
  () => {
    const element = secureElement()
    return { keys: hardwareKeys(element), reopen: () => hardwareKeys(element) }
  },
  checkSignatures,
)

test('KEY-31 hardware that answers in another form is told apart from a key', async () => {
  const pointless = hardwareKeys({ ...secureElement(), publicKey: async () => new Uint8Array(33).fill(2) })
  expect(await outcomeOf(() => pointless.create(['a']))).toBe('key_unusable')
  const element = { ...secureElement(), sign: async () => new Uint8Array(64) }
  const raw = hardwareKeys(element)
  await raw.create(['a'])
  expect(await outcomeOf(() => raw.sign('a', new Uint8Array(1)))).toBe('key_unusable')
})

test('KEY-31 a person who says no is heard, and the next one is asked again', async () => {
  const refused = Object.assign(new Error('cancelled'), { code: 'user_cancelled' })
  let says = false
  const element = secureElement()
  const keys = hardwareKeys({
    ...element,
    sign: (name, data) => (says ? element.sign(name, data) : Promise.reject(refused)),
  })
  await keys.create(['a'])
  expect(await outcomeOf(() => keys.sign('a', new Uint8Array(1)))).toBe('user_cancelled')
  says = true
  expect(await keys.sign('a', new Uint8Array(1))).toHaveLength(64)
})

/** Answers as a Secure Enclave does: later, in DER, and never with a key. */
function secureElement(): SecureElement {
  const keys = new Map<string, KeyObject>()
  const later = () => new Promise((resolve) => setImmediate(resolve))
  return {
    async generate(name) {
      await later()
      if (keys.has(name)) throw new Error('the name is taken')
      keys.set(name, generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)
    },
    async publicKey(name) {
      await later()
      const key = keys.get(name)
      return key === undefined ? undefined : new Uint8Array(pointOf(key))
    },
    async sign(name, data) {
      await later()
      const key = keys.get(name)
      if (key === undefined) throw new Error('there is no such key')
      return new Uint8Array(sign('sha256', data, key))
    },
    async remove(name) {
      await later()
      keys.delete(name)
    },
  }
}

function pointOf(key: KeyObject): Buffer {
  const { d = '' } = createPrivateKey(key.export({ format: 'pem', type: 'pkcs8' })).export({ format: 'jwk' })
  const ecdh = createECDH('prime256v1')
  ecdh.setPrivateKey(Buffer.from(d, 'base64url'))
  return ecdh.getPublicKey()
}
