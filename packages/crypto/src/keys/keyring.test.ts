import { createPrivateKey, sign } from 'node:crypto'
import { chmod, cp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { keyPairFor, outcomeOf, checkSignatures as testVerdicts } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { cheap, folder } from './folder.test-support.ts'
import { type KeyService, keyHoldingOf, serviceSigner } from './key-service.ts'
import { type Keyring, openKeyring } from './keyring.ts'
import { openKeyFileService } from './one-key.ts'
import { writeOwnerFile } from './owner-file.ts'
import { writePrivateKey } from './private-key.ts'

const inFolder = await folder()
const passphrase = 'correct horse battery staple'
const data = new TextEncoder().encode('header.payload')
let rings = 0

async function ring(name = `ring-${rings++}`): Promise<Keyring & { readonly at: string }> {
  const at = inFolder(name)
  return { ...(await openKeyring(at, passphrase, { cost: cheap })), at }
}

test.each(['ES256', 'EdDSA'] as const)(
  'DMG-34 a keyring makes keys for %s that sign, also after it is opened again',
  async (alg) => {
    const { at, create, close } = await ring()
    const made = await create(alg)
    await close()
    const again = await openKeyring(at, passphrase, { cost: cheap })
    const signer = await serviceSigner(again, made.id, 'kid')
    expect(signer).toMatchObject({ alg, kid: 'kid' })
    const signature = await signer.sign(data)
    expect(testVerdicts([{ alg, key: made.publicJwk, data, signature }])).toEqual(['valid'])
    const listed = []
    for await (const key of again.list()) listed.push(key)
    expect(listed).toEqual([made])
  },
)

test('DMG-34 nothing of a keyring holds a private key or the passphrase in the clear', async () => {
  const { at, create, sign: signWith } = await ring()
  const { id, alg } = await create('ES256')
  await signWith({ id, alg, message: data })
  for (const name of await readdir(at)) {
    const text = await readFile(join(at, name), 'utf8')
    expect(text).not.toContain('"d"')
    expect(text).not.toContain(passphrase)
  }
})

test('DMG-3 a key of a keyring that was destroyed is no file, and never signs again', async () => {
  const { at, create, destroy, sign: signWith } = await ring()
  const [one, two] = [await create('ES256'), await create('EdDSA')]
  await signWith({ ...one, message: data })
  await destroy(one.id)
  await destroy(one.id)
  for (const id of ['none', '', '../ring', 'A'.repeat(22)]) await destroy(id)
  expect((await readdir(at)).sort()).toEqual([`${two.id}.key.json`, 'ring.json'].sort())
  expect(await outcomeOf(() => signWith({ ...one, message: data }))).toBe('key_unknown')
  expect(await outcomeOf(() => signWith({ ...two, message: data }))).toBe('accepted')
})

test('DMG-3 a key of a keyring that is opened while it is destroyed does not stay open', async () => {
  const { create, destroy, sign: signWith } = await ring()
  for (let round = 0; round < 20; round++) {
    const key = await create('ES256')
    const signing = outcomeOf(() => signWith({ ...key, message: data }))
    await destroy(key.id)
    expect(['accepted', 'key_unknown']).toContain(await signing)
    expect(await outcomeOf(() => signWith({ ...key, message: data }))).toBe('key_unknown')
  }
})

test('DMG-34 a new passphrase opens the same keys, the old one none, and no key file is written', async () => {
  const { at, create, changePassphrase } = await ring()
  const { id, alg } = await create('ES256')
  const before = await readFile(join(at, `${id}.key.json`), 'utf8')
  await changePassphrase('another one')
  expect(await readFile(join(at, `${id}.key.json`), 'utf8')).toBe(before)
  expect(await outcomeOf(() => openKeyring(at, passphrase))).toBe('passphrase_wrong')
  const again = await openKeyring(at, 'another one')
  expect(await outcomeOf(() => again.sign({ id, alg, message: data }))).toBe('accepted')
})

test('DMG-34 a key that was moved, changed or taken from another ring does not open', async () => {
  const one = await ring()
  const two = await ring()
  const a = await one.create('ES256')
  const b = await one.create('ES256')
  const c = await two.create('ES256')
  const pathOf = (id: string) => join(one.at, `${id}.key.json`)
  await cp(join(two.at, `${c.id}.key.json`), pathOf(c.id))
  await rename(pathOf(a.id), pathOf(b.id))
  for (const id of [b.id, c.id]) {
    expect(await outcomeOf(() => one.sign({ id, alg: 'ES256', message: data }))).toBe('key_file_malformed')
  }
  const d = await one.create('ES256')
  const file = JSON.parse(await readFile(pathOf(d.id), 'utf8'))
  const changed = { ...file, publicJwk: keyPairFor('ES256').publicJwk }
  await writeFile(pathOf(d.id), JSON.stringify(changed), { mode: 0o600 })
  expect(await outcomeOf(() => one.sign({ id: d.id, alg: 'ES256', message: data }))).toBe(
    'key_file_malformed',
  )
})

test('DMG-34, DMG-31 refuses keys without their ring, keys that others read, and names that lead elsewhere', async () => {
  const { at, create, get } = await ring()
  const { id } = await create('ES256')
  for (const wrong of ['../ring', 'none', '', 'A'.repeat(22), `${id}/`, '__proto__']) {
    expect(await outcomeOf(() => get(wrong))).toBe('key_unknown')
  }
  if (process.platform !== 'win32') {
    await chmod(join(at, `${id}.key.json`), 0o644)
    expect(await outcomeOf(() => get(id))).toBe('key_file_exposed')
  }
  await rm(join(at, 'ring.json'))
  expect(await outcomeOf(() => openKeyring(at, passphrase))).toBe('key_file_unusable')
})

test('DMG-32 a key file serves as the one key that it holds', async () => {
  const { privateJwk, publicJwk } = keyPairFor('ES256')
  const path = inFolder('mine.json')
  await writeOwnerFile(path, await writePrivateKey(privateJwk, 'sealed', passphrase))
  const service = await openKeyFileService(path, passphrase)
  const { id } = await service.create('ES256')
  const signature = await (await serviceSigner(service, id)).sign(data)
  expect(testVerdicts([{ alg: 'ES256', key: publicJwk, data, signature }])).toEqual(['valid'])
  await service.destroy(id)
  expect(await outcomeOf(() => openKeyFileService(path, passphrase))).toBe('accepted')
  expect(await outcomeOf(() => service.create('EdDSA'))).toBe('key_unsupported')
  expect(await outcomeOf(() => service.get('another'))).toBe('key_unknown')
  expect(await outcomeOf(() => openKeyFileService(path))).toBe('passphrase_missing')
})

/** A service as large clouds have them: it is given a digest or a message, and answers in DER. */
function derService(change: (signature: Buffer) => Buffer = (signature) => signature): KeyService {
  const { privateJwk, publicJwk } = keyPairFor('ES256')
  const key = createPrivateKey({ key: { ...privateJwk }, format: 'jwk' })
  return {
    name: 'cloud',
    signatureForm: 'der',
    create: async () => ({ id: 'one', alg: 'ES256', publicJwk }),
    get: async () => ({ id: 'one', alg: 'ES256', publicJwk }),
    async *list() {},
    async sign({ message, digest }) {
      expect(digest).toHaveLength(32)
      return new Uint8Array(change(sign('sha256', message, key)))
    },
    destroy: async () => {},
    close: async () => {},
  }
}

test('DMG-33 DER of a service becomes what JOSE wants', async () => {
  const service = derService()
  const holding = keyHoldingOf(service)
  const { ref, publicJwk } = await holding.create('ES256')
  const signer = await holding.signerOf(ref, 'did:example:issuer#key-1')
  expect(signer.kid).toBe('did:example:issuer#key-1')
  for (let round = 0; round < 50; round++) {
    const signature = await signer.sign(data)
    expect(signature).toHaveLength(64)
    expect(testVerdicts([{ alg: 'ES256', key: publicJwk, data, signature }])).toEqual(['valid'])
  }
})

test.each([
  ['cut short', (signature: Buffer) => signature.subarray(0, 20)],
  ['empty', () => Buffer.alloc(0)],
  ['of other bytes', (signature: Buffer) => Buffer.from(signature).fill(1, 10, 20)],
  ['no DER', () => Buffer.alloc(64, 7)],
])('DMG-33 a signature that is %s is not given out', async (_, change) => {
  const signer = await serviceSigner(derService(change), 'one')
  expect(await outcomeOf(async () => signer.sign(data))).toBe('signature_wrong')
})
