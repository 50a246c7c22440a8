import { writeBase64urlText } from '@facet-id/credential/base64url'
import {
  readMultikey,
  type VerificationRelationship,
  verificationRelationships,
  writeDidDocument,
  writeDidJwk,
  writeDidKey,
  writeDidWeb,
} from '@facet-id/credential/did'
import { shortDidPeer2, writeDidPeer0, writeDidPeer2, writeLongForm } from '@facet-id/credential/did/peer'
import { ProtocolError } from '@facet-id/protocol/error'
import { hash, keyPair, keyPairFor } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { type DidErrorCode, findDidError, httpStatusOf } from './resolution.ts'
import { expandPoint, worldOf } from './world.test-support.ts'

const { publicJwk } = keyPair()
const place = 'https://issuer.example/.well-known/did.json'
const web = writeDidWeb('issuer.example')
const issuing = { fragment: 'issuing', key: publicJwk, relationships: ['assertionMethod'] } as const
const document = JSON.stringify(writeDidDocument(web, { keys: [issuing] }))

const keyOf = (
  did: string,
  fragment: string,
  relationship: VerificationRelationship = 'assertionMethod',
) => ({
  did,
  kid: `${did}#${fragment}`,
  relationship,
})

test.each(['ES256', 'ES384', 'ES512', 'EdDSA'] as const)(
  'DKEY-1, DKEY-5, DRES-1 a did:key for %s is resolved to its key, and nothing is fetched',
  async (alg) => {
    const { publicJwk } = keyPairFor(alg)
    const did = writeDidKey(publicJwk)
    const world = worldOf()
    expect(await world.resolveKey(keyOf(did, did.slice('did:key:'.length)))).toEqual({ key: publicJwk })
    expect(await world.resolve(did)).toMatchObject({
      didDocument: { id: did, verificationMethod: [{ type: 'Multikey', controller: did }] },
      didDocumentMetadata: {},
      didResolutionMetadata: { contentType: 'application/did' },
    })
    expect(world.asked).toEqual([])
  },
)

test('DKEY-4 a did:key whose bytes are no point of the curve is none', async () => {
  const [own] = [writeDidKey(publicJwk)]
  const points = Array.from({ length: 40 }, (_, i) => {
    const { bytes } = readMultikey(own.slice('did:key:'.length))
    return Buffer.from(bytes).fill(i, 20)
  })
  const outcomes = await Promise.all(
    points.map(async (point) => {
      const x = point.subarray(1).toString('base64url')
      const did = writeDidKey({ ...publicJwk, x, y: Buffer.alloc(32, point[0]).toString('base64url') })
      const world = worldOf()
      const answer = await world.resolveKey(keyOf(did, did.slice('did:key:'.length)))
      const error = findDidError(await world.resolve(did))
      expect('refused' in answer).toBe(error === 'INVALID_DID')
      return error
    }),
  )
  // About half of all numbers are an x of the curve.
  expect(new Set(outcomes)).toEqual(new Set([undefined, 'INVALID_DID']))
})

test('DKEY-4, DJWK-1 no DID that is its keys has one that is no point of its curve, in whatever form', async () => {
  const off = { ...publicJwk, y: Buffer.alloc(32, 9).toString('base64url') }
  const method = { id: '#k', type: 'JsonWebKey', publicKeyJwk: { ...off } }
  const jwk = writeDidJwk(off)
  const { long } = writeLongForm({ verificationMethod: [method], assertionMethod: ['#k'] }, hash)
  // In a Multikey no `y` stands, so the `x` has to be none of the curve.
  const noX = Array.from({ length: 40 }, (_, at) => ({
    ...publicJwk,
    x: Buffer.alloc(32, at).toString('base64url'),
  }))
  const key = noX.find((one) => expandPoint('P-256', compressed(one)) === undefined) ?? off
  const world = worldOf()
  for (const [did, fragment] of [
    [jwk, '0'],
    [long, 'k'],
    [writeDidKey(key), writeDidKey(key).slice('did:key:'.length)],
    [writeDidPeer0(key), writeDidPeer0(key).slice('did:peer:0'.length)],
    [writeDidPeer2([{ purpose: 'assertionMethod', key }]), 'key-1'],
  ] as const) {
    expect([did, findDidError(await world.resolve(did))]).toEqual([did, 'INVALID_DID'])
    expect(await world.resolveKey(keyOf(did, fragment))).toHaveProperty('refused')
  }
})

test('DID-DOC-2 a JWK on no point of its curve is refused in a document that is fetched, and the others are found', async () => {
  const world = worldOf()
  const off = { ...publicJwk, y: Buffer.alloc(32, 9).toString('base64url') }
  const methodOf = (fragment: string, jwk: typeof publicJwk) => ({
    id: `${web}#${fragment}`,
    type: 'JsonWebKey',
    controller: web,
    publicKeyJwk: jwk,
  })
  const verificationMethod = [methodOf('off', off), methodOf('on', publicJwk)]
  const body = { id: web, verificationMethod, assertionMethod: verificationMethod.map(({ id }) => id) }
  world.web.set(place, { body: JSON.stringify(body) })
  expect(await world.resolveKey(keyOf(web, 'off'))).toHaveProperty('refused')
  expect(await world.resolveKey(keyOf(web, 'on'))).toEqual({ key: publicJwk })
})

function compressed({ x, y }: { readonly x: string; readonly y: string }): Uint8Array {
  const sign = 2 + ((Buffer.from(y, 'base64url').at(-1) ?? 0) & 1)
  return Uint8Array.of(sign, ...Buffer.from(x, 'base64url'))
}

test('DPEER-0, DPEER-2, DPEER-5 the did:peer that say all themselves are resolved, and nothing is fetched', async () => {
  const world = worldOf()
  const key = keyPairFor('EdDSA').publicJwk
  const zero = writeDidPeer0(key)
  expect(await world.resolveKey(keyOf(zero, zero.slice('did:peer:0'.length)))).toEqual({ key })
  const two = writeDidPeer2([{ purpose: 'authentication', key }])
  expect(await world.resolveKey(keyOf(two, 'key-1', 'authentication'))).toEqual({ key })
  expect(await world.resolveKey(keyOf(two, 'key-1', 'assertionMethod'))).toHaveProperty('refused')
  const method = { id: '#k', type: 'JsonWebKey', publicKeyJwk: { ...key } }
  const { long, short } = writeLongForm({ verificationMethod: [method], assertionMethod: ['#k'] }, hash)
  expect(await world.resolveKey(keyOf(long, 'k'))).toEqual({ key })
  expect(findDidError(await world.resolve(short))).toBe('NOT_FOUND')
  expect(world.asked).toEqual([])
})

test('DPEER-1, DPEER-4, DPEER-6 the did:peer that are a hash are resolved once it is known of what', async () => {
  const key = keyPairFor('EdDSA').publicJwk
  const two = writeDidPeer2([{ purpose: 'assertionMethod', key }])
  const three = shortDidPeer2(two, hash)
  const forms = writeLongForm({ alsoKnownAs: ['urn:x'] }, hash)
  const known = new Map<string, string>()
  const world = worldOf({ findLongForm: (did) => known.get(did) })
  expect(findDidError(await world.resolve(three))).toBe('NOT_FOUND')
  known.set(three, two).set(forms.short, forms.long)
  expect(await world.resolveKey(keyOf(three, 'key-1'))).toEqual({ key })
  expect(await world.resolve(forms.short)).toMatchObject({
    didDocument: { id: forms.short, alsoKnownAs: ['urn:x', forms.long] },
  })
})

test('DWEB-1, DWEB-2 a did:web is fetched from its place, once, and kept', async () => {
  const world = worldOf()
  world.web.set(place, { body: document })
  const asking = Array.from({ length: 20 }, () => world.resolveKey(keyOf(web, 'issuing')))
  expect(new Set((await Promise.all(asking)).map((answer) => JSON.stringify(answer)))).toEqual(
    new Set([JSON.stringify({ key: { crv: 'P-256', kty: 'EC', x: publicJwk.x, y: publicJwk.y } })]),
  )
  expect(world.asked).toEqual([place])
  world.clock.advance(299)
  await world.resolve(web)
  expect(world.asked).toHaveLength(1)
  world.clock.advance(1)
  await world.resolve(web)
  expect(world.asked).toHaveLength(2)
})

test('DRES-8 a key is found for the relationship that lists it, and for no other', async () => {
  const world = worldOf()
  world.web.set(place, { body: document })
  for (const relationship of verificationRelationships) {
    const answer = await world.resolveKey(keyOf(web, 'issuing', relationship))
    expect([relationship, 'key' in answer]).toEqual([relationship, relationship === 'assertionMethod'])
  }
})

test('DID-DOC-1, DWEB-2 a document of another DID is none', async () => {
  const world = worldOf()
  world.web.set(place, { body: document.replaceAll(web, 'did:web:other.example') })
  expect(findDidError(await world.resolve(web))).toBe('INVALID_DID_DOCUMENT')
  expect(await world.resolveKey(keyOf(web, 'issuing'))).toHaveProperty('refused')
})

const error = (code: ConstructorParameters<typeof ProtocolError>[0]) => new ProtocolError(code, 'for a test')

test.each<[string, object, DidErrorCode, 'refused' | 'undetermined']>([
  ['nothing there', { status: 404 }, 'NOT_FOUND', 'refused'],
  ['nothing there any more', { status: 410 }, 'NOT_FOUND', 'refused'],
  ['a server in trouble', { status: 503 }, 'INTERNAL_ERROR', 'undetermined'],
  [
    'a redirect',
    { status: 302, headers: { location: 'https://elsewhere.example/' } },
    'INTERNAL_ERROR',
    'undetermined',
  ],
  ['no answer in time', error('peer_timed_out'), 'INTERNAL_ERROR', 'undetermined'],
  ['no server', error('peer_unreachable'), 'INTERNAL_ERROR', 'undetermined'],
  ['an address of this network', error('address_refused'), 'INVALID_DID', 'refused'],
  ['an endless document', error('response_too_large'), 'INVALID_DID_DOCUMENT', 'refused'],
  ['no JSON', { body: '<html>' }, 'INVALID_DID_DOCUMENT', 'refused'],
  ['no document', { body: '[]' }, 'INVALID_DID_DOCUMENT', 'refused'],
  [
    'a private key',
    { body: document.replace('"publicKeyMultibase"', '"privateKeyJwk"') },
    'INVALID_DID_DOCUMENT',
    'refused',
  ],
])('DRES-2, DRES-4 %s is said with its code, and in words for a person', async (_, answer, code, kind) => {
  const world = worldOf()
  world.web.set(place, answer)
  const resolution = await world.resolve(web)
  expect(resolution).toEqual({
    didDocument: null,
    didDocumentMetadata: {},
    didResolutionMetadata: {
      error: {
        type: `https://www.w3.org/ns/did#${code}`,
        title: expect.stringMatching(/^The DID/),
        detail: expect.stringMatching(/\.$/),
      },
    },
  })
  expect(await world.resolveKey(keyOf(web, 'issuing'))).toHaveProperty(kind)
})

test('DRES-9 a failure is kept for a moment, so that nobody makes us ask again and again', async () => {
  const world = worldOf()
  for (let i = 0; i < 5; i++) await world.resolve(web)
  expect(world.asked).toHaveLength(1)
  world.web.set(place, { body: document })
  world.clock.advance(5)
  expect(findDidError(await world.resolve(web))).toBeUndefined()
})

test('DRES-9 what is kept is bounded, and what was used longest ago is forgotten', async () => {
  const world = worldOf({ bounds: { maxKept: 2 } })
  const dids = ['a', 'b', 'c'].map((name) => writeDidWeb(`${name}.example`))
  for (const did of [dids[0], dids[1], dids[0], dids[2], dids[0], dids[1]]) await world.resolve(did ?? '')
  expect(world.asked.map((url) => url.charAt(8)).join('')).toBe('abcb')
})

test('DRES-9 whoever makes up keys has nothing forgotten that would have to be fetched again', async () => {
  const world = worldOf({ bounds: { maxKept: 2 } })
  world.web.set(place, { body: document })
  await world.resolve(web)
  for (let i = 0; i < 10; i++) await world.resolve(writeDidKey(keyPair().publicJwk))
  await world.resolve(web)
  expect(world.asked).toEqual([place])
})

test('DRES-9 documents beyond the bound on memory are used, and not kept', async () => {
  const world = worldOf({ bounds: { maxKeptBytes: 1200 } })
  world.web.set(place, { body: document })
  await world.resolve(web)
  await world.resolve(web)
  expect(world.asked).toHaveLength(2)
})

test('DRES-9 a clock that is set back makes no DID last longer', async () => {
  const world = worldOf()
  world.web.set(place, { body: document })
  await world.resolve(web)
  world.clock.advance(-100)
  await world.resolve(web)
  expect(world.asked).toHaveLength(2)
})

const jwk = writeDidJwk(publicJwk)

test('DID-DOC-5 a document is given by the name that was asked for', async () => {
  const { resolve } = worldOf()
  for (const accept of ['application/did', 'application/did+json', 'application/did+ld+json']) {
    expect(await resolve(jwk, { accept })).toMatchObject({ didResolutionMetadata: { contentType: accept } })
  }
})

test.each<[string, string, object, DidErrorCode, number]>([
  ['no DID', 'https://issuer.example', {}, 'INVALID_DID', 400],
  ['half a DID', 'did:web', {}, 'INVALID_DID', 400],
  ['a bad DID URL', `${jwk}#a#b`, {}, 'INVALID_DID_URL', 400],
  ['a bad DID before a bad option', 'did:', { x: 1 }, 'INVALID_DID', 400],
  ['a method before a bad option', 'did:ion:x', { x: 1 }, 'METHOD_NOT_SUPPORTED', 501],
  ['an unknown option', jwk, { x: 1 }, 'FEATURE_NOT_SUPPORTED', 501],
  ['a version of what has none', jwk, { versionId: '1' }, 'FEATURE_NOT_SUPPORTED', 501],
  [
    'a version of what has none, in the URL',
    `${web}?versionTime=2027-01-01T00:00:00Z`,
    {},
    'FEATURE_NOT_SUPPORTED',
    501,
  ],
  ['another form', jwk, { accept: 'text/html' }, 'REPRESENTATION_NOT_SUPPORTED', 406],
  ['no key in it', 'did:key:z1', {}, 'INVALID_DID', 400],
  [
    'a key of another kind',
    'did:key:zQ3shokFTS3brHcDQrn82RUDfCZESWL1ZdCEJwekUDPQiYBme',
    {},
    'INVALID_DID',
    400,
  ],
  [
    'a private key in it',
    `did:jwk:${writeBase64urlText(JSON.stringify(keyPair().privateJwk))}`,
    {},
    'INVALID_DID',
    400,
  ],
  ['a did:peer of the future', 'did:peer:5z6Mk', {}, 'INVALID_DID', 400],
])('DRES-1, DRES-5 %s is refused with its own code', async (_, did, options, code, status) => {
  const world = worldOf()
  const resolution = await world.resolve(did, options)
  expect(findDidError(resolution)).toBe(code)
  expect(httpStatusOf(resolution)).toBe(status)
  expect(world.asked).toEqual([])
})

const scid = 'QmY8n5j6nkyzPrjtVvVTkqtbiEk15D3GVzxiPUjTMPwr9f'
const webvh = `did:webvh:${scid}:issuer.example`

test.each<[string, string, object]>([
  ['two versions', webvh, { versionId: '1-x', versionTime: '2027-01-01T00:00:00Z' }],
  ['two versions, of them one in the URL', `${webvh}?versionId=1-x`, { versionTime: '2027-01-01T00:00:00Z' }],
  ['one twice', `${webvh}?versionId=1-x&versionId=2-x`, {}],
  ['a time with fractions', webvh, { versionTime: '2027-01-01T00:00:00.5Z' }],
  ['a time without a zone', webvh, { versionTime: '2027-01-01T00:00:00' }],
  ['a time elsewhere', webvh, { versionTime: '2027-01-01T00:00:00+02:00' }],
  ['no day', webvh, { versionTime: '2027-02-30T00:00:00Z' }],
  ['no number', `${webvh}?versionNumber=0x1`, {}],
  ['nothing', `${webvh}?versionId=`, {}],
])('DRES-7 to ask for %s is refused', async (_, did, options) => {
  const world = worldOf()
  const resolution = await world.resolve(did, options)
  expect(findDidError(resolution)).toBe('INVALID_OPTIONS')
  expect(world.asked).toEqual([])
})

test('DRES-1 a DID on the web is not looked for where there is nothing to fetch with', async () => {
  const world = worldOf({ transport: undefined as never })
  expect(findDidError(await world.resolve(web))).toBe('METHOD_NOT_SUPPORTED')
})

test('DRES-4 a port that fails unforeseen is an error in the answer, and tells nothing', async () => {
  const world = worldOf()
  world.web.set(place, new Error('SPECIMEN'))
  const resolution = await world.resolve(web)
  expect(findDidError(resolution)).toBe('INTERNAL_ERROR')
  expect(httpStatusOf(resolution)).toBe(500)
  expect(JSON.stringify(resolution)).not.toContain('SPECIMEN')
})
