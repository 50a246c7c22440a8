import { keyPair } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { type DidDocument, findVerificationMethod, type VerificationMethod } from './document.ts'
import { resolveDidJwk, writeDidJwk } from './jwk.ts'

const did = 'did:example:issuer'

function method(fragment: string, change: Partial<VerificationMethod> = {}): VerificationMethod {
  return {
    id: `${did}#${fragment}`,
    type: 'JsonWebKey',
    controller: did,
    publicKeyJwk: keyPair().publicJwk,
    ...change,
  }
}

const issuing = method('issuing')
const signing = method('signing', { id: '#signing' })
const foreign = method('foreign', { controller: 'did:example:other' })
const document: DidDocument = {
  '@context': ['https://www.w3.org/ns/did/v1'],
  id: did,
  verificationMethod: [issuing, signing, foreign],
  assertionMethod: [issuing.id, foreign.id, `${did}#absent`],
  authentication: ['#signing'],
}

test('DID-DOC-3 finds a key only for a relationship that lists it', () => {
  expect(findVerificationMethod(document, issuing.id, 'assertionMethod')).toBe(issuing)
  expect(findVerificationMethod(document, issuing.id, 'authentication')).toBeUndefined()
  expect(findVerificationMethod(document, issuing.id, 'keyAgreement')).toBeUndefined()
  expect(findVerificationMethod(document, '#signing', 'assertionMethod')).toBeUndefined()
})

test('DID-SYN-3 finds a key by a relative DID URL, in the document or in the question', () => {
  expect(findVerificationMethod(document, `${did}#signing`, 'authentication')).toBe(signing)
  expect(findVerificationMethod(document, '#signing', 'authentication')).toBe(signing)
  expect(findVerificationMethod(document, '#issuing', 'assertionMethod')).toBe(issuing)
})

test.each([
  '',
  '#',
  'issuing',
  'did:example:other#issuing',
  'did:example:issuer#ISSUING',
  'did:example:issuer?x#issuing',
  'did:example:issuer#issuing#issuing',
  '../issuing',
  '__proto__',
  'constructor',
  "' OR 1=1 --",
  '\u0000',
  'x'.repeat(1_000_000),
])('DID-DOC-4 finds nothing for a kid that the document does not hold', (kid) => {
  expect(findVerificationMethod(document, kid, 'assertionMethod')).toBeUndefined()
})

test('DID-DOC-4 does not find a key that another DID controls, nor one that is only listed', () => {
  expect(findVerificationMethod(document, foreign.id, 'assertionMethod')).toBeUndefined()
  expect(findVerificationMethod(document, '#absent', 'assertionMethod')).toBeUndefined()
})

test('DID-DOC-4 does not find the key of another DID, though the fragments agree', () => {
  const own = resolveDidJwk(writeDidJwk(keyPair().publicJwk))
  const other = writeDidJwk(keyPair().publicJwk)
  expect(findVerificationMethod(own, `${own.id}#0`, 'assertionMethod')).toBe(own.verificationMethod[0])
  expect(findVerificationMethod(own, `${other}#0`, 'assertionMethod')).toBeUndefined()
})
