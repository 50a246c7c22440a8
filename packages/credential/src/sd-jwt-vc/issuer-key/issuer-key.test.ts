import { hash, outcomeOf, random } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import {
  atIssuance,
  claims,
  expected,
  faultsOf,
  frame,
  issue,
  issuer,
  issuerKeys,
  judge,
  present,
  sign,
} from '../../../test/judging.ts'
import { writeX5c } from '../../jose/x5c.ts'
import { writeSdJwt } from '../../sd-jwt/compact.ts'
import { readIssuerSignedJwt, type UnsignedCredential, writeCredentialToSign } from '../issuer-signed-jwt.ts'
import type { Expectations, IssuerKeyAnswer } from '../question.ts'
import { findIssuerKey, readIssuerMetadata, writeIssuerMetadata } from './issuer-metadata.ts'
import type { IssuerKeyPolicy, KeyMechanism, KeyReference } from './mechanism.ts'

const address = 'https://issuer.example'
const chain = [Uint8Array.of(0x30, 0x82), Uint8Array.of(0x30, 0x81)]
const subject = `x509_hash:${hash('sha-256', chain[0] ?? new Uint8Array())}`
const key = issuerKeys.publicJwk

const taking = (issuerPolicy: IssuerKeyPolicy): Expectations => ({ ...expected, issuerKeys: issuerPolicy })
const all = taking({ taken: ['did', 'x5c', 'jwt_vc_issuer'] })

const byDid = present(issue())
const byAddress = present(issue({ claims: { iss: address }, header: { kid: 'a' } }))
const byCertificate = present(
  issue({ claims: { iss: undefined }, header: { kid: undefined, x5c: writeX5c(chain) } }),
)
const byCertificateBeside = (iss: string) =>
  present(issue({ claims: { iss }, header: { kid: undefined, x5c: writeX5c(chain) } }))

/** A world in which each mechanism finds the key of the specimen's issuer. */
function found(reference: KeyReference): IssuerKeyAnswer {
  if (reference.by === 'x5c') return { key, issuer: subject }
  if (reference.by === 'did') return { key, issuer: reference.issuer }
  const metadata = readIssuerMetadata(writeIssuerMetadata(address, [{ ...key, kid: 'a' }]), reference.issuer)
  const published = 'jwks' in metadata ? findIssuerKey(metadata.jwks, reference) : undefined
  return published === undefined ? { refused: 'No such key.' } : { key: published, issuer: reference.issuer }
}

test.each<[KeyMechanism, string, string]>([
  ['did', byDid, issuer],
  ['jwt_vc_issuer', byAddress, address],
  ['x5c', byCertificate, subject],
])(
  'SVC-2.5-1, SVC-2.5-2, SVC-2.5-3 verifies by %s, and names whom the key was proven for',
  (by, compact, identity) => {
    const { report, asked } = judge(compact, all, { issuer_key: found })
    expect(faultsOf(report)).toEqual([])
    expect(report.credential).toMatchObject({ issuer: identity, issuerKnownBy: by })
    expect(asked[0]).toMatchObject({ ask: 'issuer_key', by })
    expect(asked[2]).toEqual({ ask: 'trust', issuer: identity, by, vct: claims.vct })
    expect(asked[3]).toMatchObject({ ask: 'status', issuer: identity, by })
  },
)

test.each<[KeyMechanism, string]>([
  ['did', byDid],
  ['jwt_vc_issuer', byAddress],
  ['x5c', byCertificate],
])('SVC-2.5-4 asks for no key where %s is not taken, whatever else is', (by, compact) => {
  const others = (['did', 'x5c', 'jwt_vc_issuer'] as const).filter((other) => other !== by)
  const { report, asked } = judge(compact, taking({ taken: others }), { issuer_key: found })
  expect(faultsOf(report)).toEqual([
    by === 'x5c' ? 'format: jws_header_forbidden' : 'issuer_key: mechanism_not_taken',
  ])
  expect(asked).toEqual([])
})

test('SVC-2.5-4 an issuer that is known in one way is known in that way only', () => {
  const pinned = taking({
    taken: ['did', 'x5c', 'jwt_vc_issuer'],
    of: { [address]: ['jwt_vc_issuer'], [subject]: ['x5c'], [issuer]: ['did'] },
  })
  for (const compact of [byDid, byAddress, byCertificate]) {
    expect(judge(compact, pinned, { issuer_key: found }).report.verified).toBe(true)
  }
  // The same name, shown with a certificate instead: refused before anybody looks at it.
  for (const name of [address, issuer]) {
    const { report, asked } = judge(byCertificateBeside(name), pinned, { issuer_key: found })
    expect(faultsOf(report)).toEqual(['issuer_key: mechanism_not_taken'])
    expect(asked).toEqual([])
  }
  const never = taking({ taken: ['x5c'], of: { [subject]: [] } })
  expect(faultsOf(judge(byCertificate, never, { issuer_key: found }).report)).toEqual([
    'issuer_key: mechanism_not_taken',
  ])
  const inherited = taking({ taken: ['did'], of: {} })
  expect(judge(byDid, inherited, { issuer_key: found }).report.verified).toBe(true)
})

test('SVC-2.5-4 a certificate is taken for a name that only certificates are taken for', () => {
  const only = taking({ taken: ['did'], of: { [subject]: ['x5c'] } })
  expect(judge(byCertificate, only, { issuer_key: found }).report.verified).toBe(true)
  const other = { key, issuer: 'x509_hash:other' }
  expect(faultsOf(judge(byCertificate, only, { issuer_key: other }).report)).toEqual([
    'issuer_key: mechanism_not_taken',
  ])
})

test('SVC-2.5-4 what one mechanism cannot find out, no other is asked for', () => {
  for (const compact of [byDid, byAddress, byCertificate]) {
    const { report, asked } = judge(compact, all, { issuer_key: { undetermined: 'Nobody is there.' } })
    expect(faultsOf(report)).toEqual(['issuer_key: issuer_key_undetermined'])
    expect(asked).toHaveLength(1)
  }
})

test('SVC-2.5-1 a DID or an address proves itself and nobody else', () => {
  for (const compact of [byDid, byAddress]) {
    const { report } = judge(compact, all, { issuer_key: { key, issuer: 'https://other.example' } })
    expect(faultsOf(report)).toEqual(['issuer_key: issuer_key_of_other'])
  }
})

test('SVC-2.5-5 beside a certificate "iss" proves nothing: trust is asked about the certificate', () => {
  const { report, asked } = judge(byCertificateBeside('https://bank.example'), all, { issuer_key: found })
  expect(report.credential).toMatchObject({ issuer: subject, claims: { iss: 'https://bank.example' } })
  expect(asked[0]).toMatchObject({ by: 'x5c', chain, issuer: 'https://bank.example' })
  expect(asked[2]).toMatchObject({ ask: 'trust', issuer: subject, claimed: 'https://bank.example' })
  const mapped = judge(byCertificateBeside(address), all, { issuer_key: { key, issuer: address } })
  expect(mapped.report.credential?.issuer).toBe(address)
})

test('SVC-2.2.2.3-4 only beside a certificate a credential may leave out who issued it', () => {
  const nameless = present(issue({ claims: { iss: undefined } }))
  expect(faultsOf(judge(nameless, all, { issuer_key: found }).report)).toEqual(['issuer_key: issuer_missing'])
  const odd = present(issue({ claims: { iss: 7 }, header: { x5c: writeX5c(chain) } }))
  expect(faultsOf(judge(odd, all, { issuer_key: found }).report)).toEqual(['issuer_key: issuer_missing'])
})

test('SVC-2.5-3 refuses an issuer that is neither a DID nor an address', () => {
  for (const iss of ['http://issuer.example', 'https://issuer.example?a', 'issuer.example', '']) {
    const { report, asked } = judge(present(issue({ claims: { iss } })), all, { issuer_key: found })
    expect(faultsOf(report)[0]).toMatch(/^issuer_key: (?:issuer|did)_malformed$/)
    expect(asked).toEqual([])
  }
})

const tools = { hash, random }
const unsigned = (
  issuerKey: UnsignedCredential['issuerKey'],
  iss: string | undefined,
): UnsignedCredential => ({
  claims: JSON.parse(JSON.stringify({ ...claims, iss })),
  frame,
  alg: 'ES256',
  issuerKey,
})

test.each<[KeyMechanism, UnsignedCredential, object]>([
  ['did', unsigned({ by: 'did', kid: `${issuer}#0` }, issuer), { kid: `${issuer}#0` }],
  ['jwt_vc_issuer', unsigned({ by: 'jwt_vc_issuer', kid: 'a' }, address), { kid: 'a' }],
  ['x5c', unsigned({ by: 'x5c', chain }, undefined), { x5c: chain }],
])('SVC-2.5-1, SVC-4.2-2 signs by %s what is verified by it', (by, credential, named) => {
  const { signingInput, disclosures } = writeCredentialToSign(credential, tools)
  const jwt = sign(signingInput, issuerKeys)
  expect(readIssuerSignedJwt(jwt, ['ES256'], 'allowed').header).toEqual({
    alg: 'ES256',
    typ: 'dc+sd-jwt',
    ...named,
  })
  const handedOut: Expectations = { ...atIssuance, issuerKeys: { taken: [by] } }
  const { report } = judge(writeSdJwt(jwt, disclosures), handedOut, { issuer_key: found })
  expect(faultsOf(report)).toEqual([])
})

test.each<[string, UnsignedCredential, string]>([
  ['an address and a key of a DID', unsigned({ by: 'did', kid: `${issuer}#0` }, address), 'did_malformed'],
  ['a DID and a key at an address', unsigned({ by: 'jwt_vc_issuer', kid: 'a' }, issuer), 'issuer_malformed'],
  [
    'an address in the clear',
    unsigned({ by: 'jwt_vc_issuer', kid: 'a' }, 'http://a.example'),
    'issuer_malformed',
  ],
  ['a key without a name', unsigned({ by: 'jwt_vc_issuer', kid: '' }, address), 'issuer_malformed'],
  ['no certificate', unsigned({ by: 'x5c', chain: [] }, undefined), 'jws_malformed'],
  ['an empty certificate', unsigned({ by: 'x5c', chain: [new Uint8Array()] }, undefined), 'jws_malformed'],
  ['a DID and no issuer', unsigned({ by: 'did', kid: `${issuer}#0` }, undefined), 'issuer_malformed'],
])('SVC-2.5-1 signs nothing with %s', (_, credential, code) => {
  expect(outcomeOf(() => writeCredentialToSign(credential, tools))).toBe(code)
})
