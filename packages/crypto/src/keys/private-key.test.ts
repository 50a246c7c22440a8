import { execFileSync } from 'node:child_process'
import { createPrivateKey } from 'node:crypto'
import { chmod, readdir, readFile, rename, stat, symlink, writeFile } from 'node:fs/promises'
import { keyPairFor, outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { importPrivateKey } from '../node/key.ts'
import type { KeyError } from './error.ts'
import { folder } from './folder.test-support.ts'
import { readOwnerFile, writeOwnerFile } from './owner-file.ts'
import { readPrivateKey, writePrivateKey } from './private-key.ts'
import { openText, sealText } from './sealed-text.ts'

const inFolder = await folder()
const passphrase = 'correct horse battery staple'
const cost = { N: 2 ** 14, r: 8, p: 1 }
const algorithms = ['ES256', 'ES384', 'ES512', 'EdDSA'] as const

test('DMG-30 what was sealed opens with its passphrase only, as the kind of thing it is', async () => {
  const plain = new TextEncoder().encode('secret')
  const text = await sealText(plain, passphrase, { kind: 'private-key', cost })
  expect(text).not.toContain('secret')
  expect(await openText(text, passphrase, 'private-key')).toEqual(plain)
  expect(await outcomeOf(() => openText(text, 'another', 'private-key'))).toBe('passphrase_wrong')
  expect(await outcomeOf(() => openText(text, passphrase, 'did'))).toBe('key_file_malformed')
  const asDid = text.replace('"facet":"private-key"', '"facet":"did"')
  expect(await outcomeOf(() => openText(asDid, passphrase, 'did'))).toBe('passphrase_wrong')
  expect(await sealText(plain, passphrase, { kind: 'private-key', cost })).not.toBe(text)
})

test.each([
  ['a lower cost', (text: string) => text.replace('"N":16384', '"N":1024'), 'passphrase_cost_refused'],
  ['another cost', (text: string) => text.replace('"N":16384', '"N":32768'), 'passphrase_wrong'],
  [
    'a cost that stalls',
    (text: string) => text.replace('"N":16384', '"N":1073741824'),
    'passphrase_cost_refused',
  ],
  ['a later version', (text: string) => text.replace('"v":1', '"v":2'), 'key_file_format_unknown'],
  ['no salt', (text: string) => text.replace('"salt"', '"sugar"'), 'key_file_malformed'],
  ['no seal', (text: string) => text.replace('"sealed"', '"open"'), 'key_file_malformed'],
  ['half of it', (text: string) => text.slice(0, 100), 'key_file_malformed'],
  [
    'another byte',
    (text: string) => text.replace(/.(?="\}\n$)/, (c) => (c === 'A' ? 'Q' : 'A')),
    'passphrase_wrong',
  ],
])('DMG-30 refuses %s', async (_, change, code) => {
  const text = await sealText(new Uint8Array(40), passphrase, { kind: 'keyring', cost })
  expect(change(text)).not.toBe(text)
  expect(await outcomeOf(() => openText(change(text), passphrase, 'keyring'))).toBe(code)
})

test.skipIf(process.platform === 'win32')(
  'DMG-31 a file is written for its owner alone, and read from no other',
  async () => {
    const path = inFolder('one.json')
    await writeOwnerFile(path, 'text')
    expect((await stat(path)).mode & 0o777).toBe(0o600)
    expect(await readOwnerFile(path)).toBe('text')
    for (const mode of [0o640, 0o604, 0o660]) {
      await chmod(path, mode)
      expect(await outcomeOf(() => readOwnerFile(path))).toBe('key_file_exposed')
    }
    await chmod(path, 0o644)
    await symlink(path, inFolder('link.json'))
    expect(await outcomeOf(() => readOwnerFile(inFolder('link.json')))).toBe('key_file_exposed')
  },
)

test.skipIf(process.platform === 'win32')(
  'DMG-31 what is read is the file that was looked at, whatever takes its name meanwhile',
  async () => {
    const [path, mine, others] = [inFolder('swapped'), inFolder('mine'), inFolder('others')]
    await writeFile(mine, 'mine', { mode: 0o600 })
    await writeFile(others, 'open to others')
    await chmod(others, 0o644)
    await symlink(mine, path)
    let isOver = false
    const swapping = (async () => {
      for (let round = 0; !isOver; round++) {
        await symlink(round % 2 === 0 ? others : mine, `${path}.next`)
        await rename(`${path}.next`, path)
      }
    })()
    for (let round = 0; round < 500; round++) {
      const read = await readOwnerFile(path).catch((error: KeyError) => error.code)
      expect(['mine', 'key_file_exposed']).toContain(read)
    }
    isOver = true
    await swapping
  },
)

test('DMG-31 a file takes the place of another only when told to, and nothing is left beside it', async () => {
  const path = inFolder('two.json')
  await writeOwnerFile(path, 'first')
  expect(await outcomeOf(() => writeOwnerFile(path, 'second'))).toBe('key_file_unusable')
  expect(await readFile(path, 'utf8')).toBe('first')
  await writeOwnerFile(path, 'second', true)
  expect(await readFile(path, 'utf8')).toBe('second')
  const settled = await Promise.all(
    Array.from({ length: 10 }, (_, i) => outcomeOf(() => writeOwnerFile(inFolder('race.json'), String(i)))),
  )
  expect(settled.filter((outcome) => outcome === 'accepted')).toHaveLength(1)
  expect((await readdir(inFolder(''))).filter((name) => name.endsWith('.new'))).toEqual([])
  expect(await outcomeOf(() => writeOwnerFile(inFolder('none/three.json'), ''))).toBe('key_file_unusable')
  expect(await outcomeOf(() => readOwnerFile(inFolder('none.json')))).toBe('key_file_unusable')
})

test.each(algorithms)('DMG-32 a key for %s comes back from each form it is written in', async (alg) => {
  const { privateJwk } = keyPairFor(alg)
  for (const form of ['pem', 'jwk', 'sealed'] as const) {
    const text = await writePrivateKey(privateJwk, form, passphrase)
    expect(await readPrivateKey(text, passphrase)).toMatchObject(privateJwk)
    if (form === 'jwk') continue
    expect(text).not.toContain(privateJwk.d)
    expect(await outcomeOf(() => readPrivateKey(text))).toBe('passphrase_missing')
    expect(await outcomeOf(() => readPrivateKey(text, 'another'))).toBe('passphrase_wrong')
  }
})

test.each(algorithms)('DMG-32 reads a key for %s as others write it', async (alg) => {
  const { privateJwk } = keyPairFor(alg)
  const key = createPrivateKey({ key: { ...privateJwk }, format: 'jwk' })
  const forms = [
    key.export({ format: 'pem', type: 'pkcs8' }),
    key.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase }),
    ...(alg === 'EdDSA' ? [] : [key.export({ format: 'pem', type: 'sec1' })]),
    JSON.stringify({ ...privateJwk, kid: 'mine', use: 'sig' }),
  ]
  for (const form of forms) {
    const read = await readPrivateKey(`\n${form}`, passphrase)
    expect(read).toEqual(privateJwk)
    expect(() => importPrivateKey(read)).not.toThrow()
  }
})

const hasOpenssl = (() => {
  try {
    execFileSync('openssl', ['version'])
    return true
  } catch {
    return false
  }
})()

test.skipIf(!hasOpenssl)('DMG-32 OpenSSL reads the encrypted PKCS #8 that is written here', async () => {
  const { privateJwk, publicJwk } = keyPairFor('ES256')
  const path = inFolder('openssl.pem')
  await writeFile(path, await writePrivateKey(privateJwk, 'pem', passphrase), { mode: 0o600 })
  const args = ['pkey', '-in', path, '-passin', `pass:${passphrase}`, '-pubout', '-outform', 'DER']
  const der = execFileSync('openssl', args)
  expect(der.subarray(-64, -32).toString('base64url')).toBe(publicJwk.x)
})

test.each([
  ['nothing', ''],
  ['no key', 'hello'],
  ['JSON that is none', '{"kty"'],
  ['a public key', JSON.stringify(keyPairFor('ES256').publicJwk)],
  [
    'halves of two keys',
    JSON.stringify({ ...keyPairFor('ES256').privateJwk, d: keyPairFor('ES256').privateJwk.d }),
  ],
  ['a key on another curve', JSON.stringify({ kty: 'EC', crv: 'secp256k1', x: 'AA', y: 'AA', d: 'AA' })],
  ['a symmetric key', JSON.stringify({ kty: 'oct', k: 'c2VjcmV0' })],
  ['PEM of something else', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'],
])('DMG-32, DMG-37 refuses %s, and quotes nothing of it', async (_, text) => {
  const error: unknown = await readPrivateKey(text).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'key_file_malformed' })
  const said = JSON.stringify(error, Object.getOwnPropertyNames(error))
  for (const secret of text.match(/[A-Za-z0-9_-]{6,}/g) ?? []) {
    if (!/^(?:BEGIN|CERTIFICATE|crv|kty|secp256k1|private|hello|P-256)/.test(secret))
      expect(said).not.toContain(secret)
  }
})
