import { findEncrypted } from '@facet-id/protocol/openid4vci/encryption'
import { encryptionKeyPair, outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { issuerKey, requestWith, walletKey } from '../access.test-support.ts'
import { credentialIssuerMetadata } from '../metadata.ts'
import { credentialsIn, refusalIn, tokenFor } from '../wallet.test-support.ts'
import { type Changes, type World, world } from '../world.test-support.ts'

const key = issuerKey()
const encrypting = (settings: Changes['settings'] = {}): World =>
  world({ settings, ports: { encryption: key.encryption } })

const demanding = { encryption: { requests: 'required', responses: 'required' } } as const

async function untouched(here: World, request: Parameters<World['send']>[0]): Promise<string> {
  const before = await here.state.rests()
  const refusal = refusalIn(await here.send(request))
  expect(await here.state.rests()).toEqual(before)
  return refusal
}

test('VCI-10-1, VCI-10-2, VCI-10-3, VCI-8.3-6 an encrypted request is opened, and its answer is for the key in it', async () => {
  for (const enc of ['A128GCM', 'A256GCM'] as const) {
    const here = encrypting()
    const wallet = walletKey(enc)
    const { request } = await requestWith(here, await tokenFor(here), {
      credential_response_encryption: wallet.asked,
      copies: 2,
    })
    const response = await here.send(key.sealed(request))
    expect(response).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/jwt', 'cache-control': 'no-store' },
    })
    expect(findEncrypted(response)?.header).toMatchObject({ alg: 'ECDH-ES', enc, kid: 'wallet' })
    expect(credentialsIn(wallet.opened(response))).toHaveLength(2)
  }
})

test('VCI-9.1-2, VCI-8.2-14 an encrypted request that names no key is answered in the clear', async () => {
  const here = encrypting()
  const { request } = await requestWith(here, await tokenFor(here))
  const response = await here.send(key.sealed(request))
  expect(response.headers['content-type']).toBe('application/json')
  expect(credentialsIn(response)).toHaveLength(1)
})

test('VCI-8.2-13 a key for the answer in a request in the clear is refused: anybody on the way could have put it there', async () => {
  const here = encrypting()
  const { request } = await requestWith(here, await tokenFor(here), {
    credential_response_encryption: walletKey().asked,
  })
  expect(await untouched(here, request)).toBe('400 invalid_encryption_parameters')
  expect((await here.send(key.sealed(request))).status).toBe(200)
})

test('VCI-8.2-10, VCI-8.2-11, VCI-10-5, VCI-8.3.1-8 where encryption is demanded nothing goes in the clear', async () => {
  const here = encrypting(demanding)
  const token = await tokenFor(here)
  const plain = await requestWith(here, token)
  expect(await untouched(here, plain.request)).toBe('400 invalid_encryption_parameters')
  expect(await untouched(here, key.sealed(plain.request))).toBe('400 invalid_encryption_parameters')
  const wallet = walletKey()
  const right = await requestWith(here, token, { credential_response_encryption: wallet.asked })
  expect(credentialsIn(wallet.opened(await here.send(key.sealed(right.request))))).toHaveLength(1)
})

test('VCI-8.3.1-11 errors are answered in the clear, also where encryption was asked for', async () => {
  const here = encrypting(demanding)
  const { request } = await requestWith(here, await tokenFor(here), {
    credential_response_encryption: walletKey().asked,
    credential_configuration_id: 'unknown',
  } as never)
  const response = await here.send(key.sealed(request))
  expect(refusalIn(response)).toBe('400 unknown_credential_configuration')
  expect(response.headers['content-type']).toBe('application/json')
})

test.each([
  ['to another key under the name of ours', issuerKey('one')],
  ['to a key whose name is not ours', issuerKey('two')],
])('VCI-8.3.1-8, VCI-10-3 a request that is encrypted %s is refused', async (_, other) => {
  const here = encrypting()
  const { request } = await requestWith(here, await tokenFor(here))
  expect(await untouched(here, other.sealed(request))).toBe('400 invalid_encryption_parameters')
})

test('VCI-8.3.1-8 a key that is no point of the curve costs the wallet nothing', async () => {
  const here = encrypting()
  const token = await tokenFor(here)
  const { asked } = walletKey()
  const none = { ...asked, jwk: { ...asked.jwk, x: 'A'.repeat(43) } }
  const { request } = await requestWith(here, token, { credential_response_encryption: none })
  expect(await untouched(here, key.sealed(request))).toBe('400 invalid_encryption_parameters')
  expect((await here.send((await requestWith(here, token)).request)).status).toBe(200)
})

test('VCI-8.3.1-8 an issuer without keys takes no encrypted request, and demands none', async () => {
  const here = world()
  const { request } = await requestWith(here, await tokenFor(here))
  expect(await untouched(here, key.sealed(request))).toBe('400 invalid_encryption_parameters')
  expect(outcomeOf(() => world({ settings: demanding }))).toBe('settings_invalid')
  const half = { encryption: { requests: 'accepted', responses: 'required' } } as const
  expect(outcomeOf(() => encrypting(half))).toBe('settings_invalid')
})

test('VCI-12.2.4-15, VCI-12.2.4-16 metadata has the keys, each with its name, and what is demanded; and no compression', () => {
  const old = encryptionKeyPair('old')
  const here = world({
    settings: demanding,
    ports: {
      encryption: {
        ...key.encryption,
        keys: [...key.encryption.keys, { publicJwk: old.publicJwk, open: () => new Uint8Array() }],
      },
    },
  })
  const metadata = credentialIssuerMetadata(here.settings, here.ports)
  expect(metadata.credential_request_encryption).toEqual({
    jwks: { keys: [key.encryption.keys[0]?.publicJwk, old.publicJwk] },
    enc_values_supported: ['A128GCM', 'A256GCM'],
    encryption_required: true,
  })
  expect(metadata.credential_response_encryption).toEqual({
    alg_values_supported: ['ECDH-ES'],
    enc_values_supported: ['A128GCM', 'A256GCM'],
    encryption_required: true,
  })
  expect(JSON.stringify(metadata)).not.toContain('"d"')
  const twice = { ...key.encryption, keys: [...key.encryption.keys, ...key.encryption.keys] }
  expect(outcomeOf(() => world({ settings: demanding, ports: { encryption: twice } }))).toBe(
    'settings_invalid',
  )
})
