import { utf8 } from '@facet-id/credential/base64url'
import { writeJws, writeSigningInput } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import type { WireResponse } from '@facet-id/protocol/wire'
import { type AnyKeyPair, type KeyPair, keyPair, keyPairFor, signerFor } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import {
  askCredential,
  credentialsIn,
  nonceFrom,
  proofOf,
  type Ready,
  ready,
  refusalIn,
  signed,
  withBody,
} from '../wallet.test-support.ts'
import { ISSUER, type World, world } from '../world.test-support.ts'

const holder = keyPair()
const stranger = keyPair()

/** What a proof may have that is not right; a member that is `undefined` is left out. */
interface Wrong {
  readonly header?: Record<string, unknown>
  readonly payload?: Record<string, unknown>
  readonly signedBy?: KeyPair
}

/** Writes a proof by hand, right in everything but what is wrong. */
function forge(here: World, nonce: string, { header, payload, signedBy = holder }: Wrong): string {
  const all = {
    header: { alg: 'ES256', typ: 'openid4vci-proof+jwt', jwk: holder.publicJwk, ...header },
    payload: { aud: ISSUER, nonce, iat: here.time.now(), ...payload },
  }
  return signed(writeSigningInput(plain(all.header), plain(all.payload)), signedBy)
}

function plain(members: object): JsonObject {
  return JSON.parse(JSON.stringify(members))
}

/** Sends proofs that must be refused, and shows that token, nonce and state are as they were. */
async function refused(here: World, right: Ready, proofs: readonly string[] | object): Promise<string> {
  const before = await here.state.rests()
  const asked = Array.isArray(proofs) ? { jwt: proofs } : proofs
  const body = { credential_configuration_id: 'person', proofs: asked }
  const response: WireResponse = await here.send(withBody(right.request, body))
  expect(response.status).toBe(400)
  expect(Object.keys(JSON.parse(response.body)).sort()).toEqual(['error', 'error_description'])
  expect(await here.state.rests()).toEqual(before)
  expect(here.state.allotted()).toBe(0)
  expect(credentialsIn(await here.send(right.request))).toHaveLength(right.keys.length)
  return refusalIn(response)
}

test('the proof that is forged below is right where nothing is wrong with it', async () => {
  const here = world()
  const { token, nonce } = await ready(here)
  expect((await here.send(askCredential(token, [forge(here, nonce, {})]))).status).toBe(200)
})

const { d } = holder.privateJwk

test.each<[string, string, Wrong]>([
  ['VCI-F.1-1, VCI-8.3.1-6', 'without signature', { header: { alg: 'none' } }],
  ['VCI-F.1-1, VCI-8.3.1-6', 'of a keyed digest', { header: { alg: 'HS256' } }],
  ['VCI-F.1-1, VCI-8.3.1-6', 'of an algorithm that is not offered', { header: { alg: 'ES384' } }],
  ['VCI-F.1-1, VCI-8.3.1-6', 'of no algorithm', { header: { alg: undefined } }],
  ['VCI-F.1-2, VCI-8.3.1-6', 'of another type', { header: { typ: 'JWT' } }],
  ['VCI-F.1-2, VCI-8.3.1-6', 'of the type of a presentation', { header: { typ: 'kb+jwt' } }],
  ['VCI-F.1-2, VCI-8.3.1-6', 'of no type', { header: { typ: undefined } }],
  ['VCI-F.1-3, VCI-8.3.1-6', 'without a key', { header: { jwk: undefined } }],
  ['VCI-F.1-3, VCI-8.3.1-6', 'that names its key', { header: { jwk: undefined, kid: 'did:example:x#0' } }],
  ['VCI-F.1-3, VCI-8.3.1-6', 'that shows a certificate', { header: { jwk: undefined, x5c: ['MIIB'] } }],
  ['VCI-F.1-3, VCI-8.3.1-6', 'that has a key and names one', { header: { kid: 'did:example:x#0' } }],
  ['VCI-F.1-3, VCI-8.3.1-6', 'that has a key and a certificate', { header: { x5c: ['MIIB'] } }],
  [
    'VCI-F.1-3, VCI-8.3.1-6',
    'that says where its key is',
    { header: { jwk: undefined, jku: 'https://x.example' } },
  ],
  ['VCI-F.1-7, VCI-8.2-8', 'for another issuer', { payload: { aud: 'https://issuer.example' } }],
  ['VCI-F.1-7, VCI-8.2-8', 'for a longer issuer', { payload: { aud: `${ISSUER}/` } }],
  ['VCI-F.1-7, VCI-8.2-8', 'for a list of issuers', { payload: { aud: [ISSUER] } }],
  ['VCI-F.1-7, VCI-8.2-8', 'for nobody', { payload: { aud: undefined } }],
  ['VCI-F.1-8, VCI-8.3.1-6', 'without a time', { payload: { iat: undefined } }],
  ['VCI-F.1-8, VCI-8.3.1-6', 'with a time in words', { payload: { iat: '1800000000' } }],
  ['VCI-F.1-9, VCI-8.3.1-6, VCI-8.2-8', 'without a nonce', { payload: { nonce: undefined } }],
  ['VCI-F.1-9, VCI-8.3.1-6', 'with a nonce that is no text', { payload: { nonce: 7 } }],
  ['VCI-F.1-10, VCI-8.3.1-6', 'signed by another key', { signedBy: stranger }],
  ['VCI-F.1-10, VCI-8.3.1-6', 'of another key than signed', { header: { jwk: stranger.publicJwk } }],
  [
    'VCI-F.1-10, VCI-8.3.1-6',
    'of a key that is no point',
    { header: { jwk: { ...holder.publicJwk, y: 'A'.repeat(43) } } },
  ],
  ['VCI-F.1-11, VCI-8.3.1-6', 'that shows the private key', { header: { jwk: { ...holder.publicJwk, d } } }],
  ['VCI-F.1-11, VCI-8.3.1-6', 'of a symmetric key', { header: { jwk: { kty: 'oct', k: 'c2VjcmV0' } } }],
  ['VCI-F.1-12, VCI-8.3.1-6', 'made too long ago', { payload: { iat: 1_800_000_000 - 331 } }],
  ['VCI-F.1-12, VCI-8.3.1-6', 'made in the future', { payload: { iat: 1_800_000_000 + 31 } }],
  ['VCI-F.1-12, VCI-8.3.1-6', 'made in a year that will not come', { payload: { iat: 1e300 } }],
  ['JWT-DUP', 'with an extension to understand', { header: { crit: ['b64'], b64: false } }],
])('%s a proof %s is invalid, and nothing is used up', async (_, __, wrong) => {
  const here = world()
  const right = await ready(here)
  expect(await refused(here, right, [forge(here, right.nonce, wrong)])).toBe('400 invalid_proof')
})

test.each<[string, (proof: string) => string]>([
  ['cut short', (proof) => proof.slice(0, -1)],
  ['in two parts', (proof) => proof.split('.').slice(0, 2).join('.')],
  ['with an empty signature', (proof) => `${proof.split('.').slice(0, 2).join('.')}.`],
  ['empty', () => ''],
  ['of noise', () => '\u{1F600}\0"\\'],
  ['longer than any', (proof) => proof + 'A'.repeat(100_000)],
  ['that is an SD-JWT', (proof) => `${proof}~`],
])('VCI-8.3.1-6 a proof %s is invalid', async (_, change) => {
  const here = world()
  const right = await ready(here)
  expect(await refused(here, right, [change(forge(here, right.nonce, {}))])).toBe('400 invalid_proof')
})

test('VCI-F.1-6 a proof may say who made it, and that is not looked at', async () => {
  const here = world()
  const { token, nonce } = await ready(here)
  const proof = forge(here, nonce, { payload: { iss: 'anybody', jti: 'x', exp: 1 } })
  expect((await here.send(askCredential(token, [proof]))).status).toBe(200)
})

test('VCI-F.1-12 a proof of the last minutes is taken, of clocks that are half a minute off too', async () => {
  for (const off of [-330, -30, 0, 30]) {
    const here = world()
    const { token, nonce } = await ready(here)
    const proof = forge(here, nonce, { payload: { iat: here.time.now() + off } })
    expect((await here.send(askCredential(token, [proof]))).status).toBe(200)
  }
})

test('VCI-F.4-1, VCI-8.3.1-6 one bad proof among good ones fails them all', async () => {
  const here = world()
  const right = await ready(here, { copies: 9 })
  const bad = forge(here, right.nonce, { signedBy: stranger })
  expect(await refused(here, right, [...right.proofs, bad])).toBe('400 invalid_proof')
})

test('VCI-8.3-4 two proofs of one key are refused: each copy has a key of its own', async () => {
  const here = world()
  const right = await ready(here)
  const twice = [1, 2].map((iat) => forge(here, right.nonce, { payload: { iat: here.time.now() - iat } }))
  expect(await refused(here, right, [...right.proofs, ...twice])).toBe('400 invalid_proof')
})

test('VCI-12.2.4-17, VCI-8.3.1-3 more proofs than the metadata allows are refused', async () => {
  const here = world({ settings: { batchSize: 3 } })
  const right = await ready(here, { copies: 3 })
  const one = proofOf(keyPair(), { nonce: right.nonce, issuedAt: here.time.now() })
  expect(await refused(here, right, [...right.proofs, one])).toBe('400 invalid_credential_request')
})

test('VCI-8.3.1-3 more proofs than are ever read are refused before one is read', async () => {
  const here = world()
  const right = await ready(here)
  expect(
    await refused(
      here,
      right,
      Array.from({ length: 1000 }, () => 'x'),
    ),
  ).toBe('400 invalid_credential_request')
})

test('VCI-8.2-7, VCI-8.3.1-6 a request without proofs is refused', async () => {
  const here = world()
  const right = await ready(here)
  const response = await here.send(withBody(right.request, { credential_configuration_id: 'person' }))
  expect(refusalIn(response)).toBe('400 invalid_proof')
  expect((await here.send(right.request)).status).toBe(200)
})

test.each<[string, object | string | null, string]>([
  ['empty', {}, 'invalid_proof'],
  ['a list', ['x'], 'invalid_proof'],
  ['null', null, 'invalid_proof'],
  ['a text', 'x.y.z', 'invalid_proof'],
  ['of two types', { jwt: ['x'], attestation: ['x'] }, 'invalid_proof'],
  ['an empty list', { jwt: [] }, 'invalid_proof'],
  ['one text and no list', { jwt: 'x.y.z' }, 'invalid_proof'],
  ['a list of something else', { jwt: [{ jwt: 'x' }] }, 'invalid_proof'],
  ['of a type that is not offered', { attestation: ['x'] }, 'invalid_proof'],
  ['of a type that every object has', { constructor: ['x'] }, 'invalid_credential_request'],
])('VCI-8.2-6 proofs that are %s are refused', async (_, proofs, expected) => {
  const here = world()
  const right = await ready(here)
  const body = { credential_configuration_id: 'person', proofs }
  const before = await here.state.rests()
  expect(refusalIn(await here.send(withBody(right.request, body)))).toBe(`400 ${expected}`)
  expect(await here.state.rests()).toEqual(before)
  expect((await here.send(right.request)).status).toBe(200)
})

test('VCI-8.3.1-7 proofs of one request with two nonces are refused, although both are good', async () => {
  const here = world()
  const right = await ready(here)
  const other = proofOf(keyPair(), { nonce: await nonceFrom(here), issuedAt: here.time.now() })
  expect(await refused(here, right, [...right.proofs, other])).toBe('400 invalid_nonce')
})

test('a crypto adapter that answers too little is not believed', async () => {
  const here = world()
  const right = await ready(here)
  for (const checkSignatures of [() => [], () => ['valid', 'valid', 'valid'] as const]) {
    const node = world({ beside: here, ports: { checkSignatures } })
    expect(refusalIn(await node.send(right.request))).toBe('400 invalid_proof')
  }
  expect((await here.send(right.request)).status).toBe(200)
})

/** A proof of a key of any kind, by that key. */
function proofBy(pair: AnyKeyPair, here: World, nonce: string): string {
  const { alg, publicJwk, privateJwk } = pair
  const input = writeSigningInput(
    { alg, typ: 'openid4vci-proof+jwt', jwk: publicJwk },
    { aud: ISSUER, nonce, iat: here.time.now() },
  )
  return writeJws(input, signerFor(alg, privateJwk).sign(utf8(input)))
}

test.each(['ES256', 'ES384', 'ES512', 'EdDSA'] as const)(
  'JWT-3.1-2 a proof by %s is taken where the setting names it, and refused where it does not',
  async (alg) => {
    const taking = world()
    const { token, nonce } = await ready(taking)
    expect(
      credentialsIn(await taking.send(askCredential(token, [proofBy(keyPairFor(alg), taking, nonce)]))),
    ).toHaveLength(1)

    const other = alg === 'ES256' ? 'EdDSA' : 'ES256'
    const here = world({ settings: { proofAlgs: [other] } })
    const nonceHere = await nonceFrom(here)
    const right = await ready(here)
    const before = await here.state.rests()
    const request = askCredential(right.token, [proofBy(keyPairFor(alg), here, nonceHere)])
    expect(refusalIn(await here.send(request))).toBe('400 invalid_proof')
    expect(await here.state.rests()).toEqual(before)
  },
)
