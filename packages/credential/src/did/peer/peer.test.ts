import { hash, keyPairFor, outcomeOf, random, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { findVerificationMethod, verificationRelationships } from '../document.ts'
import { multihashOf } from '../multihash.ts'
import { writeLongForm } from './long-form.ts'
import { resolveDidPeer, shortDidPeer2, writeDidPeer0, writeDidPeer2 } from './peer.ts'

interface Input {
  readonly did: string
  readonly known?: string
}

for (const { requirement, comment, input, expect: expected } of vectors(
  new URL('../../../vectors/did-peer/', import.meta.url),
)) {
  test(`${requirement} ${comment}`, () => {
    const { did, known } = input as Input
    expect(outcomeOf(() => resolveDidPeer(did, hash, known))).toBe(expected)
  })
}

const key = keyPairFor('EdDSA').publicJwk
const agreement = { kty: 'OKP', crv: 'X25519', x: '3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08' } as const

test('DPEER-0 numalgo 0 is the document of the did:key, in its own name', () => {
  const did = writeDidPeer0(key)
  const document = resolveDidPeer(did, hash)
  expect(document).toMatchObject({ id: did, verificationMethod: [{ controller: did, type: 'Multikey' }] })
  const url = `${did}#${did.slice('did:peer:0'.length)}`
  expect(findVerificationMethod(document, url, 'authentication')).toBeDefined()
})

test('DPEER-1 numalgo 1 is a document that the peers keep, and that names itself when it is resolved', () => {
  const genesis = JSON.stringify({ verificationMethod: [], service: [] })
  const did = `did:peer:1z${multihashOf(genesis, hash)}`
  expect(resolveDidPeer(did, hash, genesis)).toEqual({ id: did, verificationMethod: [], service: [] })
})

test('DPEER-2, DPEER-3 keys are numbered in their order, and services that have no name too', () => {
  const did = writeDidPeer2(
    [
      { purpose: 'keyAgreement', key: agreement },
      { purpose: 'authentication', key },
      { purpose: 'assertionMethod', key: keyPairFor('ES256').publicJwk },
    ],
    [
      {
        type: 'DIDCommMessaging',
        serviceEndpoint: { uri: 'https://a.example', accept: ['x'], routingKeys: ['y'] },
      },
      { type: 'A', id: '#mine', serviceEndpoint: 'https://b.example' },
      { type: 'B', serviceEndpoint: ['https://c.example'], other: { type: 'stays' } },
    ] as const,
  )
  const document = resolveDidPeer(did, hash)
  expect(document.verificationMethod?.map(({ id, type, controller }) => [id, type, controller])).toEqual([
    ['#key-1', 'Multikey', did],
    ['#key-2', 'Multikey', did],
    ['#key-3', 'Multikey', did],
  ])
  expect(verificationRelationships.flatMap((name) => [name, ...(document[name] ?? [])])).toEqual([
    'authentication',
    '#key-2',
    'assertionMethod',
    '#key-3',
    'keyAgreement',
    '#key-1',
    'capabilityInvocation',
    'capabilityDelegation',
  ])
  expect(document.service).toEqual([
    {
      id: '#service',
      type: 'DIDCommMessaging',
      serviceEndpoint: { uri: 'https://a.example', accept: ['x'], routingKeys: ['y'] },
    },
    { id: '#mine', type: 'A', serviceEndpoint: 'https://b.example' },
    { id: '#service-1', type: 'B', serviceEndpoint: ['https://c.example'], other: { type: 'stays' } },
  ])
})

test('DPEER-4 numalgo 3 is the document of its numalgo 2, in its own name', () => {
  const two = writeDidPeer2([{ purpose: 'authentication', key }])
  const three = shortDidPeer2(two, hash)
  const document = resolveDidPeer(three, hash, two)
  expect(document).toMatchObject({
    id: three,
    alsoKnownAs: [two],
    verificationMethod: [{ controller: three }],
  })
})

const input = {
  '@context': ['https://www.w3.org/ns/did/v1'],
  alsoKnownAs: ['urn:x'],
  verificationMethod: [
    { id: '#a', type: 'JsonWebKey', publicKeyJwk: { ...key } },
    { id: '#b', type: 'JsonWebKey', controller: 'did:web:a.example', publicKeyJwk: { ...key } },
  ],
  authentication: ['#a'],
  assertionMethod: [{ id: '#c', type: 'JsonWebKey', publicKeyJwk: { ...key } }],
}

test('DPEER-5, DPEER-6, DPEER-7 numalgo 4 is its document, which is told whose it is', () => {
  const { long, short } = writeLongForm(input, hash)
  expect(long.startsWith(`${short}:z`)).toBe(true)
  for (const [did, known, other] of [
    [long, undefined, short],
    [short, long, long],
  ] as const) {
    const document = resolveDidPeer(did, hash, known)
    expect(document.id).toBe(did)
    expect(document.alsoKnownAs).toEqual(['urn:x', other])
    expect(document.verificationMethod?.map(({ controller }) => controller)).toEqual([
      did,
      'did:web:a.example',
    ])
    expect(findVerificationMethod(document, `${did}#a`, 'authentication')).toBeDefined()
    expect(findVerificationMethod(document, '#c', 'assertionMethod')).toMatchObject({ controller: did })
  }
})

test('DPEER-7 a document that names itself, or is none, is not written', () => {
  expect(outcomeOf(() => writeLongForm({ ...input, id: 'did:web:a.example' }, hash))).toBe(
    'did_document_malformed',
  )
  expect(outcomeOf(() => writeLongForm({ verificationMethod: {} }, hash))).toBe('did_document_malformed')
})

test('DPEER-8 a DID of hostile length is refused, and not written', () => {
  const many = Array.from({ length: 300 }, () => ({ purpose: 'authentication', key }) as const)
  expect(outcomeOf(() => writeDidPeer2(many))).toBe('did_malformed')
  const large = { ...input, extra: Buffer.from(random(8000)).toString('base64') }
  expect(outcomeOf(() => writeLongForm(large, hash))).toBe('did_malformed')
  const known = `did:peer:3${'z'.repeat(9000)}`
  expect(outcomeOf(() => resolveDidPeer(known, hash))).toBe('did_malformed')
})
