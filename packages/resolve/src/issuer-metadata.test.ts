import { keyPair } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { failing, jsonPage, type Publishing, publishing } from './documents.test-support.ts'
import { createIssuerKeys } from './issuer-keys.ts'
import { createIssuerMetadataKeys, type IssuerMetadataOptions } from './issuer-metadata.ts'

const issuer = 'https://issuer.example/tenants/1'
const at = 'https://issuer.example/.well-known/jwt-vc-issuer/tenants/1'
const keysAt = 'https://keys.example/1'
const key = { ...keyPair().publicJwk, kid: 'a' }
const other = { ...keyPair().publicJwk, kid: 'b' }
const metadata = (...keys: readonly object[]) => jsonPage({ issuer, jwks: { keys } })

const ask = (world: Publishing, kid?: string, options: Partial<IssuerMetadataOptions> = {}) =>
  keysIn(world, options).keyOf({
    by: 'jwt_vc_issuer',
    issuer,
    alg: 'ES256',
    ...(kid === undefined ? {} : { kid }),
  })

const keysIn = ({ transport, clock }: Publishing, options: Partial<IssuerMetadataOptions> = {}) =>
  createIssuerMetadataKeys({ transport, now: clock.now, ...options })

test('SVC-4.1-1, SVC-4.2-1 finds the key at the well-known address of the issuer', async () => {
  const world = publishing({ [at]: metadata(key, other) })
  expect(await ask(world, 'a')).toEqual({ key, issuer })
  expect(world.asked).toEqual([at])
})

test('SVC-4.2-1 finds the key in a set of its own', async () => {
  const world = publishing({
    [at]: jsonPage({ issuer, jwks_uri: keysAt }),
    [keysAt]: jsonPage({ keys: [other] }),
  })
  expect(await ask(world)).toEqual({ key: other, issuer })
  expect(world.asked).toEqual([at, keysAt])
})

test.each<[string, Publishing['pages'], 'refused' | 'undetermined']>([
  ['nothing is there', {}, 'undetermined'],
  ['an error comes with metadata', { [at]: { ...metadata(key), status: 500 } }, 'undetermined'],
  ['a redirect comes with metadata', { [at]: { ...metadata(key), status: 302 } }, 'undetermined'],
  ['nobody is there', { [at]: failing('peer_unreachable') }, 'undetermined'],
  ['it takes too long', { [at]: failing('peer_timed_out') }, 'undetermined'],
  ['nobody knows why', { [at]: failing('odd') }, 'undetermined'],
  ['it is too large', { [at]: failing('response_too_large') }, 'refused'],
  ['the address is one of this network', { [at]: failing('address_refused') }, 'refused'],
  ['it is no text', { [at]: failing('message_malformed') }, 'refused'],
  ['it is a page', { [at]: { ...metadata(key), headers: { 'content-type': 'text/html' } } }, 'refused'],
  ['it does not say what it is', { [at]: { ...metadata(key), headers: {} } }, 'refused'],
  [
    'it is of another issuer',
    { [at]: jsonPage({ issuer: 'https://issuer.example', jwks: { keys: [key] } }) },
    'refused',
  ],
  [
    'it has keys and an address',
    { [at]: jsonPage({ issuer, jwks: { keys: [key] }, jwks_uri: keysAt }) },
    'refused',
  ],
  ['it is no JSON', { [at]: jsonPage('x') }, 'refused'],
  ['the key is not in it', { [at]: metadata(other) }, 'refused'],
  ['two keys have the name', { [at]: metadata(key, { ...other, kid: 'a' }) }, 'refused'],
  ['its keys are in the clear', { [at]: jsonPage({ issuer, jwks_uri: 'http://keys.example/1' }) }, 'refused'],
  ['its keys are not there', { [at]: jsonPage({ issuer, jwks_uri: keysAt }) }, 'undetermined'],
  [
    'its keys are no set',
    { [at]: jsonPage({ issuer, jwks_uri: keysAt }), [keysAt]: jsonPage([key]) },
    'refused',
  ],
])('SVC-3-2, SVC-3-3, SVC-3-4, SVC-4.3-1 says so in words when %s', async (_, pages, outcome) => {
  const answer = await ask(publishing(pages), 'a')
  expect(Object.keys(answer)).toEqual([outcome])
  expect(Object.values(answer)[0]).toMatch(/^The .*\.$/)
})

test('SVC-3-1 fetches from no address without https, unless development says so', async () => {
  const plain = 'http://127.0.0.1:8080'
  const pages = { [`${plain}/.well-known/jwt-vc-issuer`]: jsonPage({ issuer: plain, jwks: { keys: [key] } }) }
  const reference = { by: 'jwt_vc_issuer', issuer: plain, alg: 'ES256' } as const
  const world = publishing(pages)
  expect(await keysIn(world).keyOf(reference)).toHaveProperty('refused')
  expect(world.asked).toEqual([])
  expect(await keysIn(world, { scheme: 'https_or_loopback_http' }).keyOf(reference)).toEqual({
    key,
    issuer: plain,
  })
})

test('SVC-3-5 keeps metadata for as long as it says, within bounds', async () => {
  for (const [headers, kept] of [
    [{}, 300],
    [{ 'cache-control': 'public, max-age=120' }, 120],
    [{ 'cache-control': 'max-age=120', age: '30' }, 90],
    [{ 'cache-control': 'max-age=1' }, 60],
    [{ 'cache-control': 'max-age=999999999' }, 86_400],
    [{ 'cache-control': 'no-store, max-age=120' }, 0],
    [{ 'cache-control': 'max-age=soon' }, 300],
  ] as const) {
    const world = publishing({ [at]: jsonPage({ issuer, jwks: { keys: [key] } }, headers) })
    const keys = keysIn(world)
    const reference = { by: 'jwt_vc_issuer', issuer, alg: 'ES256' } as const
    await keys.keyOf(reference)
    if (kept > 0) {
      world.clock.advance(kept - 1)
      await keys.keyOf(reference)
      expect(world.asked).toHaveLength(1)
      world.clock.advance(1)
    }
    await keys.keyOf(reference)
    expect(world.asked).toHaveLength(2)
  }
})

test('finds a new key soon after it was published, and makes no traffic for one that was made up', async () => {
  const world = publishing({ [at]: metadata(key) })
  const keys = keysIn(world)
  const asking = (kid: string) => keys.keyOf({ by: 'jwt_vc_issuer', issuer, alg: 'ES256', kid })
  expect(await asking('b')).toHaveProperty('refused')
  expect(await asking('b')).toHaveProperty('refused')
  expect(world.asked).toHaveLength(1)
  world.pages[at] = metadata(key, other)
  world.clock.advance(61)
  expect(await asking('b')).toEqual({ key: other, issuer })
  expect(await asking('c')).toHaveProperty('refused')
  expect(world.asked).toHaveLength(2)
})

test('asks again for what could not be had after a while, and not sooner', async () => {
  const world = publishing()
  const keys = keysIn(world)
  const asking = () => keys.keyOf({ by: 'jwt_vc_issuer', issuer, alg: 'ES256' })
  await asking()
  await asking()
  expect(world.asked).toHaveLength(1)
  world.pages[at] = metadata(key)
  world.clock.advance(5)
  expect(await asking()).toEqual({ key, issuer })
})

test('many who ask at once share one fetch', async () => {
  const world = publishing({ [at]: async () => metadata(key) })
  const keys = keysIn(world)
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => keys.keyOf({ by: 'jwt_vc_issuer', issuer, alg: 'ES256' })),
  )
  expect(answers).toEqual(Array.from({ length: 20 }, () => ({ key, issuer })))
  expect(world.asked).toHaveLength(1)
})

test('SVC-2.5-2 no certificate is believed by itself', async () => {
  const { transport, clock } = publishing()
  const reference = { by: 'x5c', chain: [Uint8Array.of(0x30)] } as const
  const keys = createIssuerKeys({ transport, now: clock.now })
  expect(await keys.issuerKeyOf(reference)).toEqual({ refused: expect.stringContaining('No certificates') })
  const answer = { key, issuer: 'x509_hash:abc' }
  const knowing = createIssuerKeys({ transport, now: clock.now, certificateKey: () => answer })
  expect(await knowing.issuerKeyOf(reference)).toBe(answer)
})
