import { keyPair, keyPairFor, outcomeOf, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import {
  findIssuerKey,
  issuerKeysCount,
  issuerMetadataLength,
  issuerMetadataUrl,
  readIssuerKeys,
  readIssuerMetadata,
  writeIssuerMetadata,
} from './issuer-metadata.ts'

const issuer = 'https://issuer.example/tenants/1'
const key = { ...keyPair().publicJwk, kid: 'a' }

for (const { requirement, comment, input, expect: outcome } of vectors(
  new URL('../../../vectors/issuer-metadata/', import.meta.url),
)) {
  test(`${requirement} ${comment}`, () => {
    const { document, issuer: asked } = input as { document: string; issuer: string }
    expect(outcomeOf(() => readIssuerMetadata(document, asked))).toBe(outcome)
  })
}

test.each([
  ['https://issuer.example', 'https://issuer.example/.well-known/jwt-vc-issuer'],
  ['https://issuer.example/', 'https://issuer.example/.well-known/jwt-vc-issuer'],
  ['https://issuer.example:8443/a/b', 'https://issuer.example:8443/.well-known/jwt-vc-issuer/a/b'],
  ['https://issuer.example/a/', 'https://issuer.example/.well-known/jwt-vc-issuer/a'],
])('SVC-4-1, SVC-4.1-1 the metadata of %s is at %s', (of, at) => {
  expect(issuerMetadataUrl(of)).toBe(at)
})

test.each([
  'http://issuer.example',
  'https://issuer.example?a',
  'https://issuer.example#a',
  'https://user@issuer.example',
  'https://issuer.example/../a',
  'https://issuer.example/%2e%2E/a',
  'https://issuer.example\\a',
  'https:issuer.example',
  `https://issuer.example/${'a'.repeat(2048)}`,
  'did:web:issuer.example',
  '',
])('SVC-4-1 an issuer is no such address: %s', (of) => {
  expect(outcomeOf(() => issuerMetadataUrl(of))).toBe('issuer_malformed')
})

test('SVC-4-1 plain http is for this machine, where that is asked for', () => {
  expect(issuerMetadataUrl('http://127.0.0.1:8080', 'https_or_loopback_http')).toBe(
    'http://127.0.0.1:8080/.well-known/jwt-vc-issuer',
  )
  for (const of of ['http://issuer.example', 'http://127.0.0.1.issuer.example']) {
    expect(outcomeOf(() => issuerMetadataUrl(of, 'https_or_loopback_http'))).toBe('issuer_malformed')
  }
})

test('SVC-4.2-1 what is written is read, without what the owner knows besides', () => {
  const text = writeIssuerMetadata(issuer, [key])
  expect(readIssuerMetadata(text, issuer)).toEqual({ jwks: [{ ...key, use: 'sig' }] })
  expect(text).not.toContain('"d"')
})

test('SVC-4.2-1 bounds the document and the keys', () => {
  const many = Array.from({ length: issuerKeysCount + 1 }, () => key)
  expect(outcomeOf(() => readIssuerMetadata(writeIssuerMetadata(issuer, many), issuer))).toBe(
    'issuer_metadata_malformed',
  )
  expect(outcomeOf(() => readIssuerMetadata(' '.repeat(issuerMetadataLength + 1), issuer))).toBe(
    'json_too_large',
  )
})

test('SVC-4.2-2 finds the key of a name, and without a name the only one for the algorithm', () => {
  const other = { ...keyPair().publicJwk, kid: 'b' }
  const ed = { ...keyPairFor('EdDSA').publicJwk, kid: 'c' }
  const find = findIssuerKey
  expect(find([key, other], { kid: 'b', alg: 'ES256' })).toBe(other)
  expect(find([key, ed], { alg: 'ES256' })).toBe(key)
  expect(find([key, ed], { alg: 'EdDSA' })).toBe(ed)
  // Neither the first that would do, nor one of another curve than the header says.
  expect(find([key, other], { alg: 'ES256' })).toBeUndefined()
  expect(find([key, { ...other, kid: 'a' }], { kid: 'a', alg: 'ES256' })).toBeUndefined()
  expect(find([ed], { kid: 'c', alg: 'ES256' })).toBeUndefined()
  expect(find([key], { kid: 'z', alg: 'ES256' })).toBeUndefined()
  expect(find([], { alg: 'ES256' })).toBeUndefined()
})

test('SVC-4.2-1 passes over keys of kinds that are not taken, and refuses private ones', () => {
  const rsa = { kty: 'RSA', n: 'AQAB', e: 'AQAB', kid: 'r' }
  const encrypting = { ...key, use: 'enc' }
  expect(readIssuerKeys(JSON.stringify({ keys: [rsa, encrypting, 1, key] }))).toEqual([key])
  const owned = { ...key, d: key.x }
  expect(outcomeOf(() => readIssuerKeys(JSON.stringify({ keys: [key, owned] })))).toBe('jwk_private')
})
