import { keyPair, outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { findVerificationMethod } from './document.ts'
import { readDidDocument } from './read-document.ts'

const did = 'did:web:issuer.example'
const { publicJwk, privateJwk } = keyPair()
const method = { id: `${did}#a`, type: 'JsonWebKey', controller: did, publicKeyJwk: publicJwk }
const read = (document: object) => readDidDocument(JSON.stringify({ id: did, ...document }), did)

test('DID-DOC-6 what is not known is kept as it is', () => {
  const document = {
    id: did,
    verificationMethod: [{ ...method, extra: [1] }],
    extra: { __proto__: 1 },
    service: [],
  }
  expect(read(document)).toEqual(document)
})

test.each([
  ['DID 1.1', ['https://www.w3.org/ns/did/v1.1']],
  ['DID 1.0', ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1']],
  ['one context', 'https://www.w3.org/ns/did/v1'],
  ['a context that is an object', ['https://www.w3.org/ns/did/v1', { '@base': did }]],
  ['no context', undefined],
])('DID-DOC-5, DID-DOC-7 a document of %s is taken; no context is looked at', (_, context) => {
  expect(outcomeOf(() => read({ '@context': context, verificationMethod: [method] }))).toBe('accepted')
})

test.each<[string, object, string]>([
  ['another id', { id: 'did:web:other.example' }, 'did_document_malformed'],
  ['an id in other case', { id: 'did:web:ISSUER.example' }, 'did_document_malformed'],
  ['an id that is a DID URL', { id: `${did}#` }, 'did_document_malformed'],
  ['no id', { id: undefined }, 'did_document_malformed'],
  [
    'a method without an id',
    { verificationMethod: [{ ...method, id: undefined }] },
    'did_document_malformed',
  ],
  [
    'a method without a type',
    { verificationMethod: [{ ...method, type: undefined }] },
    'did_document_malformed',
  ],
  [
    'a method whose id is no DID URL',
    { verificationMethod: [{ ...method, id: 'a' }] },
    'did_document_malformed',
  ],
  [
    'a controller that is no DID',
    { verificationMethod: [{ ...method, controller: 'a' }] },
    'did_document_malformed',
  ],
  [
    'a controller that is a list',
    { verificationMethod: [{ ...method, controller: [did] }] },
    'did_document_malformed',
  ],
  [
    'a key in two forms',
    { verificationMethod: [{ ...method, publicKeyMultibase: 'z1' }] },
    'did_document_malformed',
  ],
  ['a private key', { verificationMethod: [{ ...method, publicKeyJwk: privateJwk }] }, 'jwk_private'],
  ['a private key by name', { verificationMethod: [{ ...method, privateKeyJwk: {} }] }, 'jwk_private'],
  ['a secret key by name', { verificationMethod: [{ ...method, secretKeyMultibase: 'z' }] }, 'jwk_private'],
  [
    'a private key in a relationship',
    { assertionMethod: [{ ...method, publicKeyJwk: privateJwk }] },
    'jwk_private',
  ],
  ['two keys of one id', { verificationMethod: [method, { ...method, id: '#a' }] }, 'did_document_malformed'],
  [
    'two keys of one id, one of them in a relationship',
    { verificationMethod: [method], authentication: [method] },
    'did_document_malformed',
  ],
  ['methods that are no list', { verificationMethod: method }, 'did_document_malformed'],
  ['a method that is null', { verificationMethod: [null] }, 'did_document_malformed'],
  ['relationships that are no list', { assertionMethod: '#a' }, 'did_document_malformed'],
  ['a relationship to a number', { assertionMethod: [1] }, 'did_document_malformed'],
  ['a relationship to no DID URL', { assertionMethod: ['a'] }, 'did_document_malformed'],
  ['names that are no list', { alsoKnownAs: 'a' }, 'did_document_malformed'],
  ['a name that is no text', { alsoKnownAs: [{}] }, 'did_document_malformed'],
  ['a service without a type', { service: [{ id: '#a', serviceEndpoint: 'x' }] }, 'did_document_malformed'],
  [
    'more keys than anyone has',
    { assertionMethod: Array.from({ length: 257 }, () => '#a') },
    'did_document_malformed',
  ],
])('DID-DOC-1, DID-DOC-2, DID-DOC-4, DID-DOC-6 %s is refused', (_, document, code) => {
  expect(outcomeOf(() => read(document))).toBe(code)
})

test.each(['[]', 'null', '"x"', '', '{', '{"id":"a","id":"a"}'])('DID-DOC-6 %s is no document', (text) => {
  expect(outcomeOf(() => readDidDocument(text, did))).toMatch(/^json_|^did_document_malformed$/)
})

test('DID-DOC-3 a method may stand in the relationship that it is for, and then serves no other', () => {
  const document = read({ verificationMethod: [], assertionMethod: [method] })
  expect(findVerificationMethod(document, method.id, 'assertionMethod')).toEqual(method)
  expect(findVerificationMethod(document, method.id, 'authentication')).toBeUndefined()
})

test('DID-DOC-4 a method that nobody controls, or another, is kept and not found', () => {
  const nobody = { id: '#n', type: 'JsonWebKey', publicKeyJwk: publicJwk }
  const other = { ...method, id: '#o', controller: 'did:web:other.example' }
  const document = read({ verificationMethod: [nobody, other], assertionMethod: ['#n', '#o', other.id] })
  expect(document.verificationMethod).toHaveLength(2)
  expect(findVerificationMethod(document, '#n', 'assertionMethod')).toBeUndefined()
  expect(findVerificationMethod(document, '#o', 'assertionMethod')).toBeUndefined()
})
