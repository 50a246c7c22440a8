import { utf8 } from '@facet-id/credential/base64url'
import { writeJws, writeSigningInput } from '@facet-id/credential/jose'
import { checkSignatures, keyPair, outcomeOf, signerOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { jsonResponse } from '../../body.ts'
import { readCredentialIssuerId } from '../credential-issuer-id.ts'
import type { CredentialIssuerMetadata } from './credential-issuer-metadata.ts'
import {
  findSignedMetadata,
  prefersSignedMetadata,
  readSignedMetadata,
  readSignedMetadataJwt,
  signedMetadataRequest,
  writeSignedMetadataInput,
  writeSignedMetadataResponse,
} from './signed-metadata.ts'

const issuer = readCredentialIssuerId('https://issuer.example/tenant')
const now = 1_800_000_000
const { publicJwk, privateJwk } = keyPair()
const sign = (input: string): string => writeJws(input, signerOf(privateJwk).sign(utf8(input)))

const metadata: CredentialIssuerMetadata = {
  credential_issuer: issuer,
  credential_endpoint: `${issuer}/credential`,
  credential_configurations_supported: {
    person: { format: 'dc+sd-jwt', vct: 'urn:facet:person:1', scope: 'person' },
  },
}

const header = { typ: 'openidvci-issuer-metadata+jwt', alg: 'ES256', kid: 'did:web:issuer.example#0' }
const payload = { sub: issuer, iat: now, ...metadata }
const written = (heading: object, claims: object): string =>
  sign(writeSigningInput(JSON.parse(JSON.stringify(heading)), JSON.parse(JSON.stringify(claims))))
const read = (token: string): unknown => readSignedMetadata(readSignedMetadataJwt(token), issuer, { now })

test('VCI-12.2.3-1, VCI-12.2.3-2, VCI-12.2.3-3, VCI-12.2.3-4 what is signed has its kind, its key, its subject, its times, and every parameter at its top', () => {
  const input = writeSignedMetadataInput(
    metadata,
    { iat: now, exp: now + 60 },
    { alg: 'ES256', kid: header.kid },
  )
  const [head, body] = input.split('.').map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()))
  expect(head).toEqual(header)
  expect(body).toEqual({ ...payload, exp: now + 60 })
  expect(read(sign(input))).toEqual({ metadata, leftOut: [] })
})

test('VCI-12.2.3-5 the token says by certificates or by a name whose key signed, and what must hold of it', () => {
  const named = readSignedMetadataJwt(written(header, payload))
  expect(named.key).toEqual({ by: 'kid', kid: header.kid })
  expect(checkSignatures([named.check(publicJwk), named.check(keyPair().publicJwk)])).toEqual([
    'valid',
    'invalid',
  ])
  const chain = [Uint8Array.of(0x30, 1, 2), Uint8Array.of(0x30, 3)]
  const input = writeSignedMetadataInput(metadata, { iat: now }, { alg: 'ES256', x5c: chain })
  expect(readSignedMetadataJwt(sign(input)).key).toEqual({ by: 'x5c', chain })
  const { kid: _, ...nobody } = header
  expect(outcomeOf(() => readSignedMetadataJwt(written(nobody, payload)))).toBe('message_malformed')
  const own = written({ ...nobody, jwk: publicJwk }, payload)
  expect(outcomeOf(() => readSignedMetadataJwt(own))).toBe('jws_header_forbidden')
})

test('VCI-12.2.3-6 until the key is known nothing of the contents is read, however wrong they are', () => {
  const token = written(header, { sub: 5, credential_issuer: [] })
  expect(outcomeOf(() => readSignedMetadataJwt(token))).toBe('accepted')
  expect(outcomeOf(() => read(token))).toBe('message_malformed')
})

test.each([
  ['VCI-12.2.3-1 without signature', { alg: 'none' }, 'jws_alg_not_allowed'],
  ['VCI-12.2.3-1 of a keyed digest', { alg: 'HS256' }, 'jws_alg_not_allowed'],
  ['VCI-12.2.3-2 of no type', { typ: undefined }, 'jws_typ_unexpected'],
  ['VCI-12.2.3-2 of another type', { typ: 'JWT' }, 'jws_typ_unexpected'],
  ['ATK-39 of the type of a credential', { typ: 'dc+sd-jwt' }, 'jws_typ_unexpected'],
  ['ATK-12 with an address of its key', { jku: 'https://x.example' }, 'jws_header_forbidden'],
])('%s it is refused', (_, change, code) => {
  expect(outcomeOf(() => readSignedMetadataJwt(written({ ...header, ...change }, payload)))).toBe(code)
})

test.each([
  ['about another issuer', { sub: 'https://other.example' }],
  ['about the issuer with a slash', { sub: `${issuer}/` }],
  ['without a subject', { sub: undefined }],
  ['without a time', { iat: undefined }],
  ['with a time in words', { iat: '1800000000' }],
  ['from the future', { iat: now + 61 }],
  ['that has expired', { exp: now - 60 }],
  ['whose parameters name another issuer', { credential_issuer: 'https://other.example' }],
  ['whose parameters are nested', { credential_issuer: undefined, metadata }],
])('VCI-12.2.3-3, VCI-12.2.3-4 signed metadata %s is refused', (_, change) => {
  expect(outcomeOf(() => read(written(header, { ...payload, ...change })))).toBe('message_malformed')
})

test('VCI-12.2.3-3 clocks that differ by a minute are forgiven', () => {
  for (const change of [{ iat: now + 60 }, { exp: now - 59 }]) {
    expect(outcomeOf(() => read(written(header, { ...payload, ...change })))).toBe('accepted')
  }
})

test('VCI-12.2.4-8 a configuration that cannot be used is noted in signed metadata as well', () => {
  const configurations = { ...metadata.credential_configurations_supported, old: { format: 'vc+sd-jwt' } }
  const token = written(header, { ...payload, credential_configurations_supported: configurations })
  expect(read(token)).toMatchObject({ metadata, leftOut: [{ configurationId: 'old' }] })
})

test('VCI-12.2.2-3, VCI-12.2.2-4 the answer says which form it has, and a plain one is told apart', () => {
  const signed = writeSignedMetadataResponse('a.b.c')
  expect(signed).toEqual({ status: 200, headers: { 'content-type': 'application/jwt' }, body: 'a.b.c' })
  expect(findSignedMetadata(signed)).toBe('a.b.c')
  expect(findSignedMetadata(jsonResponse('{}'))).toBeUndefined()
  expect(outcomeOf(() => findSignedMetadata({ ...signed, status: 500 }))).toBe('message_malformed')
})

test('VCI-12.2.2-5 who likes it signed says so, and takes the plain form too', () => {
  const request = signedMetadataRequest(issuer)
  expect(request.headers.accept).toBe('application/jwt, application/json;q=0.5')
  expect(prefersSignedMetadata(request)).toBe(true)
})

test.each([
  ['application/jwt', true],
  ['application/jwt;q=0.9, application/json;q=0.8', true],
  ['APPLICATION/JWT', true],
  ['application/jwt, */*;q=0.1', true],
  ['application/json', false],
  ['application/json, application/jwt', false],
  ['application/json, application/jwt;q=0.9', false],
  ['*/*', false],
  ['application/*', false],
  ['', false],
  ['application/jwt;q=0', false],
  ['application/jwt;q=x', false],
  [',,,;;;', false],
  [`${'a/b,'.repeat(1000)}application/jwt`, false],
])('VCI-12.2.2-6 to "%s" the answer is signed: %s', (accept, signed) => {
  expect(prefersSignedMetadata({ headers: { accept } })).toBe(signed)
})

test('VCI-12.2.2-6 who does not say gets the plain form', () => {
  expect(prefersSignedMetadata({ headers: {} })).toBe(false)
})
