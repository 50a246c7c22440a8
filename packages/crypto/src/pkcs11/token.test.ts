/** Against SoftHSM, where it is installed (Debian: `softhsm2`). */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { checkSignatures, outcomeOf } from '@facet-id/testkit'
import { beforeAll, expect, test } from 'vitest'
import { folder } from '../keys/folder.test-support.ts'
import { serviceSigner } from '../keys/key-service.ts'
import { loadModule } from './module.ts'
import { openToken } from './token.ts'

const module =
  [
    '/usr/lib/softhsm/libsofthsm2.so',
    '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so',
    '/usr/lib64/pkcs11/libsofthsm2.so',
    '/opt/homebrew/lib/softhsm/libsofthsm2.so',
  ].find((path) => existsSync(path)) ?? ''
const absent = module === ''

const inFolder = await folder()
const PIN = '271828'
const options = { module, token: 'facet test', pin: PIN }
const data = new TextEncoder().encode('header.payload')

beforeAll(async () => {
  if (module === '') return
  await mkdir(inFolder('tokens'))
  await writeFile(
    inFolder('softhsm2.conf'),
    `directories.tokendir = ${inFolder('tokens')}\nlog.level = ERROR\n`,
  )
  process.env.SOFTHSM2_CONF = inFolder('softhsm2.conf')
  const args = ['--init-token', '--free', '--label', options.token, '--pin', PIN, '--so-pin', '31415926']
  execFileSync('softhsm2-util', args, { stdio: 'ignore' })
})

test.skipIf(absent)('DMG-46 what is signed is the message, whatever digest comes with it', async () => {
  const token = await openToken(options)
  const { id, alg, publicJwk } = await token.create('ES256')
  for (const length of [0, 1, 20, 32, 64]) {
    const request = { id, alg, message: data, digest: new Uint8Array(length).fill(7) }
    const signature = await token.sign(request)
    expect(checkSignatures([{ alg, key: publicJwk, data, signature }])).toEqual(['valid'])
  }
  await token.destroy(id)
  await token.close()
})

test.skipIf(absent).each(['ES256', 'EdDSA'] as const)(
  'DMG-3 a key for %s that was destroyed is not in the token any more',
  async (alg) => {
    const token = await openToken(options)
    const count = async (): Promise<number> => {
      let keys = 0
      for await (const _ of token.list()) keys++
      return keys
    }
    const before = await count()
    const [one, two] = [await token.create(alg), await token.create(alg)]
    const [first, second] = [await serviceSigner(token, one.id), await serviceSigner(token, two.id)]
    await first.sign(data)
    await token.destroy(one.id)
    await token.destroy(one.id)
    for (const id of ['', 'none', 'A'.repeat(22)]) await token.destroy(id)
    expect(await outcomeOf(async () => first.sign(data))).toBe('key_unknown')
    expect(await outcomeOf(async () => second.sign(data))).toBe('accepted')
    expect(await count()).toBe(before + 1)
    await token.destroy(two.id)
    expect(await count()).toBe(before)
    await token.close()
  },
)

test.skipIf(absent).each(['ES256', 'EdDSA'] as const)(
  'DMG-35 a key for %s is made in the token, and signs there',
  async (alg) => {
    const token = await openToken(options)
    const made = await token.create(alg)
    const signer = await serviceSigner(token, made.id, 'kid')
    expect(signer).toMatchObject({ alg, kid: 'kid' })
    const signatures = await Promise.all(Array.from({ length: 40 }, () => signer.sign(data)))
    for (const signature of signatures) {
      expect(checkSignatures([{ alg, key: made.publicJwk, data, signature }])).toEqual(['valid'])
    }
    await token.close()

    const again = await openToken(options)
    expect(await again.get(made.id)).toEqual(made)
    const listed = []
    for await (const key of again.list()) listed.push(key)
    expect(listed).toContainEqual(made)
    await again.close()
  },
)

test.skipIf(absent)('DMG-35 the private half does not come out of the token', async () => {
  const token = await openToken(options)
  const { id } = await token.create('ES256')
  const native = await loadModule(module)
  const slot = native.slots().find((one) => native.tokenLabel(one).startsWith(options.token)) ?? 0n
  const session = native.openSession(slot, 0x4)
  const idBytes = Buffer.from(id, 'base64url')
  const kind = Buffer.alloc(8)
  kind.writeUInt32LE(3)
  const template = [
    { type: 0x0, value: kind },
    { type: 0x102, value: idBytes },
  ]
  const [key = 0n] = native.find(session, template, 1)
  expect(key).not.toBe(0n)
  // CKA_VALUE of a sensitive key: CKR_ATTRIBUTE_SENSITIVE. CKA_SENSITIVE and CKA_EXTRACTABLE say so too.
  expect(() => native.attribute(session, key, 0x11)).toThrow(/0x11$/)
  expect([...native.attribute(session, key, 0x103)]).toEqual([1])
  expect([...native.attribute(session, key, 0x162)]).toEqual([0])
  native.closeSession(session)
  native.release()
  await token.close()
})

test.skipIf(absent)(
  'DMG-36, DMG-37 a wrong PIN, a wrong token and a key that is not there are refused',
  async () => {
    const wrong = 'secret-pin'
    const error: unknown = await openToken({ ...options, pin: wrong }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'pkcs11_pin_refused' })
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain(wrong)
    expect(await outcomeOf(() => openToken({ ...options, token: 'another' }))).toBe('pkcs11_token_unknown')
    const token = await openToken(options)
    for (const id of ['', 'none', 'A'.repeat(22)]) {
      expect(await outcomeOf(() => token.get(id))).toBe('key_unknown')
      expect(await outcomeOf(() => token.sign({ id, alg: 'ES256', message: data, digest: data }))).toBe(
        'key_unknown',
      )
    }
    await token.close()
  },
)

test('DMG-36 what is no PKCS #11 module is refused', async () => {
  const nowhere = { ...options, module: inFolder('no-such-library.so') }
  expect(await outcomeOf(() => openToken(nowhere))).toBe('pkcs11_module_unusable')
  await writeFile(inFolder('text.so'), 'no library')
  expect(await outcomeOf(() => openToken({ ...options, module: inFolder('text.so') }))).toBe(
    'pkcs11_module_unusable',
  )
})
