import { keyPair, outcomeOf, vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { readPublicJwk } from '../jose/jwk.ts'
import { findVerificationMethod, type VerificationRelationship } from './document.ts'
import { resolveDidJwk, writeDidJwk } from './jwk.ts'

for (const { requirement, comment, input, expect: expected } of vectors(
  new URL('../../vectors/did/', import.meta.url),
)) {
  test(`${requirement} ${comment}`, () => {
    expect(outcomeOf(() => resolveDidJwk(String(input)))).toBe(expected)
  })
}

const P256 =
  'did:jwk:eyJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieCI6ImFjYklRaXVNczNpOF91c3pFakoydHBUdFJNNEVVM3l6OTFQSDZDZEgyVjAiLCJ5IjoiX0tjeUxqOXZXTXB0bm1LdG00NkdxRHo4d2Y3NEk1TEtncmwyR3pIM25TRSJ9'
const X25519 =
  'did:jwk:eyJrdHkiOiJPS1AiLCJjcnYiOiJYMjU1MTkiLCJ1c2UiOiJlbmMiLCJ4IjoiM3A3YmZYdDl3YlRUVzJIQzdPUTFOei1EUThoYmVHZE5yZngtRkctSUswOCJ9'
const context = ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/suites/jws-2020/v1']
const relationships: readonly VerificationRelationship[] = [
  'assertionMethod',
  'authentication',
  'capabilityInvocation',
  'capabilityDelegation',
  'keyAgreement',
]

function withJwk(jwk: object): string {
  return `did:jwk:${Buffer.from(JSON.stringify(jwk)).toString('base64url')}`
}

test('DJWK-1, DJWK-4, DID-DOC-1, DID-DOC-2 the P-256 example gives the document of the method', () => {
  const url = `${P256}#0`
  expect(resolveDidJwk(P256)).toEqual({
    '@context': context,
    id: P256,
    verificationMethod: [
      {
        id: url,
        type: 'JsonWebKey2020',
        controller: P256,
        publicKeyJwk: {
          crv: 'P-256',
          kty: 'EC',
          x: 'acbIQiuMs3i8_uszEjJ2tpTtRM4EU3yz91PH6CdH2V0',
          y: '_KcyLj9vWMptnmKtm46GqDz8wf74I5LKgrl2GzH3nSE',
        },
      },
    ],
    assertionMethod: [url],
    authentication: [url],
    capabilityInvocation: [url],
    capabilityDelegation: [url],
    keyAgreement: [url],
  })
})

test('DJWK-4, DJWK-5 the X25519 example gives the document of the method, for key agreement only', () => {
  expect(resolveDidJwk(X25519)).toEqual({
    '@context': context,
    id: X25519,
    verificationMethod: [
      {
        id: `${X25519}#0`,
        type: 'JsonWebKey2020',
        controller: X25519,
        publicKeyJwk: {
          kty: 'OKP',
          crv: 'X25519',
          use: 'enc',
          x: '3p7bfXt9wbTTW2HC7OQ1Nz-DQ8hbeGdNrfx-FG-IK08',
        },
      },
    ],
    keyAgreement: [`${X25519}#0`],
  })
})

test.each<[string | undefined, readonly VerificationRelationship[]]>([
  [undefined, relationships],
  ['sig', relationships.filter((name) => name !== 'keyAgreement')],
  ['enc', ['keyAgreement']],
])('DJWK-5, DID-DOC-3 a key whose use is %s may be used for just that', (use, expected) => {
  const did = withJwk({ ...keyPair().publicJwk, use })
  const document = resolveDidJwk(did)
  expect(
    relationships.filter((name) => findVerificationMethod(document, `${did}#0`, name) !== undefined),
  ).toEqual(expected)
})

test('DJWK-3 the one fragment is 0, whatever the kid of the key', () => {
  const did = writeDidJwk({ ...keyPair().publicJwk, kid: 'key-1' })
  const document = resolveDidJwk(did)
  expect(findVerificationMethod(document, `${did}#0`, 'authentication')).toBeDefined()
  expect(findVerificationMethod(document, '#0', 'authentication')).toBeDefined()
  for (const other of [did, `${did}#key-1`, `${did}#`, `${did}#00`, `${did}#1`, `${did}?#0`, 'key-1', '0']) {
    expect(findVerificationMethod(document, other, 'authentication')).toBeUndefined()
  }
})

test('DJWK-3 a DID URL is no DID to resolve', () => {
  expect(outcomeOf(() => resolveDidJwk(`${P256}#0`))).toBe('did_malformed')
})

test('DJWK-1 what is written is read', () => {
  for (let round = 0; round < 20; round++) {
    const { publicJwk } = keyPair()
    for (const jwk of [
      publicJwk,
      { ...publicJwk, kid: 'a"b', use: 'sig', alg: 'ES256', key_ops: ['verify'] } as const,
    ]) {
      const document = resolveDidJwk(writeDidJwk(jwk))
      expect(readPublicJwk(document.verificationMethod[0]?.publicKeyJwk)).toEqual(jwk)
    }
  }
})

test('DJWK-2 a DID is made of the public part of a key, even of a whole one', () => {
  const { publicJwk, privateJwk } = keyPair()
  expect(writeDidJwk(privateJwk)).toBe(writeDidJwk(publicJwk))
})

test('DJWK-6 a key with a use says the one that its curve has', () => {
  expect(outcomeOf(() => readPublicJwk({ ...keyPair().publicJwk, use: 'enc' }))).toBe('jwk_unsupported')
  const did = writeDidJwk({ ...keyPair().publicJwk, use: 'sig' })
  expect(resolveDidJwk(did).verificationMethod[0]?.publicKeyJwk).toMatchObject({ crv: 'P-256', use: 'sig' })
})

test('DJWK-7 the same key in another order of members is another DID, and each keeps its spelling', () => {
  const { kty, crv, x, y } = keyPair().publicJwk
  const one = withJwk({ crv, kty, x, y })
  const other = withJwk({ y, x, kty, crv })
  expect(one).not.toBe(other)
  expect(writeDidJwk({ y, x, kty, crv })).toBe(one)
  expect(resolveDidJwk(other).id).toBe(other)
  expect(resolveDidJwk(other).verificationMethod[0]?.id).toBe(`${other}#0`)
})

test('DJWK-8 refuses a DID of hostile length before it is decoded', () => {
  expect(outcomeOf(() => resolveDidJwk(`did:jwk:${'A'.repeat(10_000_000)}`))).toBe('did_malformed')
})

test('the refusal of a DID keeps its reason', () => {
  try {
    resolveDidJwk(withJwk({ ...keyPair().privateJwk }))
    expect.unreachable()
  } catch (error) {
    expect(error).toMatchObject({ code: 'did_malformed', cause: { code: 'jwk_private' } })
  }
})
