import { stat, writeFile } from 'node:fs/promises'
import { openKeyring, serviceSigner } from '@facet-id/crypto/node/keys'
import { safeTransport } from '@facet-id/resolve/node'
import { checkSignatures, outcomeOf } from '@facet-id/testkit'
import { afterAll, expect, test } from 'vitest'
import { temporaryDirectory } from '../config/temporary-directory.test-support.ts'
import { askOperator } from '../service/ask-operator.ts'
import { readDoor } from '../service/door-file.ts'
import { openKeySource } from './key-source.ts'
import { signerAt, startSignerService } from './signer-service.ts'

const directory = temporaryDirectory()
const transport = safeTransport({ mode: 'development' })
afterAll(() => transport.close())

const cost = { N: 2 ** 14, r: 8, p: 1 }
const data = new TextEncoder().encode('header.payload')

async function served() {
  const ring = await openKeyring(directory.in('ring'), 'a passphrase', { cost })
  return { ring, service: await startSignerService(directory.in('signer'), ring) }
}

test.each(['ES256', 'EdDSA'] as const)(
  'DMG-46 keys for %s of a signer process sign like keys of their own',
  async (alg) => {
    const { ring, service } = await served()
    const signer = signerAt(directory.in('signer'))
    const made = await signer.create(alg)
    expect(await signer.get(made.id)).toEqual(await ring.get(made.id))
    const listed = []
    for await (const key of signer.list()) listed.push(key)
    expect(listed).toEqual([made])
    const signature = await (await serviceSigner(signer, made.id)).sign(data)
    expect(checkSignatures([{ alg, key: made.publicJwk, data, signature }])).toEqual(['valid'])
    expect(JSON.stringify([made, listed])).not.toContain('"d"')
    const spare = await signer.create(alg)
    await signer.destroy(spare.id)
    await signer.destroy(spare.id)
    expect(await outcomeOf(() => ring.get(spare.id))).toBe('key_unknown')
    expect(await outcomeOf(() => ring.get(made.id))).toBe('accepted')
    expect(await outcomeOf(() => signer.get('none'))).toBe('operator_refused')
    await signer.close()
    await service.close()
    expect(await outcomeOf(() => signerAt(directory.in('signer')).get(made.id))).toBe('service_not_running')
  },
)

test('DMG-46 who does not know the token is told nothing and signs nothing', async () => {
  const { ring, service } = await served()
  const { id } = await ring.create('ES256')
  const { url } = await readDoor(directory.in('signer'))
  if (process.platform !== 'win32') {
    expect((await stat(directory.in('signer/operator.json'))).mode & 0o777).toBe(0o600)
  }
  for (const authorization of ['', 'Bearer ', `Bearer ${'A'.repeat(43)}`]) {
    for (const operation of ['list', 'get', 'sign', 'create', 'destroy', 'export']) {
      const { status, body } = await transport.send({
        method: 'POST',
        url: `${url}/${operation}`,
        headers: { 'content-type': 'application/json', authorization },
        body: JSON.stringify({ id, alg: 'ES256', message: 'AAAA' }),
      })
      expect(status).toBe(401)
      expect(body).not.toContain(id)
    }
  }
  await service.close()
})

test('DMG-46 what a signer signs is the message, and not a digest that comes with it', async () => {
  const { ring, service } = await served()
  const { id, alg, publicJwk } = await ring.create('ES256')
  const dataDirectory = directory.in('signer')
  const message = Buffer.from(data).toString('base64url')
  for (const digest of [
    '',
    'AA',
    Buffer.alloc(32, 7).toString('base64url'),
    Buffer.alloc(64).toString('base64url'),
  ]) {
    const answer = await askOperator({ dataDirectory, transport }, 'sign', { id, alg, message, digest })
    const { signature } = answer as { signature: string }
    const bytes = new Uint8Array(Buffer.from(signature, 'base64url'))
    expect(checkSignatures([{ alg: 'ES256', key: publicJwk, data, signature: bytes }])).toEqual(['valid'])
  }
  for (const other of ['ES384', 'ES512', 'EdDSA']) {
    const asked = askOperator({ dataDirectory, transport }, 'sign', { id, alg: other, message })
    expect(await outcomeOf(() => asked)).toBe('operator_refused')
  }
  await service.close()
})

test('DMG-46 a second signer on the same directory is refused, and the first goes on', async () => {
  const { ring, service } = await served()
  const other = await openKeyring(directory.in('other'), 'a passphrase', { cost })
  expect(await outcomeOf(() => startSignerService(directory.in('signer'), other))).toBe('service_running')
  const signer = signerAt(directory.in('signer'))
  expect(await outcomeOf(async () => ring.get((await signer.create('ES256')).id))).toBe('accepted')
  await signer.close()
  await service.close()
})

test.each([
  ['cloud:one', 'usage'],
  ['file', 'usage'],
  ['keyring:', 'usage'],
  ['pkcs11:/lib/token.so', 'usage'],
  ['keyring:ring', 'passphrase_missing'],
  ['pkcs11:/lib/token.so?token=one', 'passphrase_missing'],
  ['file:no-such-file', 'key_file_unusable'],
])('DMG-40, DMG-47 keys at "%s" are refused with %s when no secret is told', async (source, code) => {
  expect(await outcomeOf(() => openKeySource(source, {}))).toBe(code)
})

test.skipIf(process.platform === 'win32')(
  'DMG-47 a passphrase that others can read is not used',
  async () => {
    await writeFile(directory.in('passphrase'), 'a passphrase', { mode: 0o644 })
    const environment = { FACET_KEYS_PASSPHRASE_FILE: directory.in('passphrase') }
    expect(await outcomeOf(() => openKeySource(`keyring:${directory.in('ring')}`, environment))).toBe(
      'key_file_exposed',
    )
  },
)
