import { hash, outcomeOf, random } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { atIssuance, claims, faultsOf, frame, issuer, issuerKeys, judge, sign } from '../../test/judging.ts'
import { writeSdJwt } from '../sd-jwt/compact.ts'
import type { DisclosureFrame } from '../sd-jwt/disclosure-frame.ts'
import { protectedClaims } from './claims.ts'
import {
  readIssuerSignedJwt,
  sdJwtVcMediaType,
  type UnsignedCredential,
  writeCredentialToSign,
} from './issuer-signed-jwt.ts'

const tools = { hash, random }
const unsigned: UnsignedCredential = {
  claims,
  frame,
  issuerKey: { by: 'did', kid: `${issuer}#0` },
  alg: 'ES256',
}
const read = (signingInput: string) => readIssuerSignedJwt(sign(signingInput, issuerKeys), ['ES256'])

test('SVC-2.2.1-1, SDJ-4.1-1, SDJ-4.1-4 writes a header with typ, alg and kid', () => {
  const { signingInput } = writeCredentialToSign(unsigned, tools)
  expect(read(signingInput).header).toEqual({ alg: 'ES256', typ: 'dc+sd-jwt', kid: `${issuer}#0` })
})

test('SVC-2.1-1 names the media type', () => {
  expect(sdJwtVcMediaType).toBe('application/dc+sd-jwt')
})

test('SVC-2.2-1, SDJ-4.1.2-1 what is issued in compact form is what a careful holder takes', () => {
  const { signingInput, disclosures } = writeCredentialToSign(unsigned, tools)
  const { report } = judge(writeSdJwt(sign(signingInput, issuerKeys), disclosures), atIssuance)
  expect(faultsOf(report)).toEqual([])
  expect(report.credential?.claims).toEqual(claims)
  expect(report.credential?.holderKey).toEqual(claims.cnf.jwk)
})

test('SVC-2.2.2.5-1 has no _sd and no disclosures when nothing is disclosable', () => {
  for (const bare of [{}, { _sd_decoy: 3 }, { address: { _sd_decoy: 1 } }]) {
    const { signingInput, disclosures } = writeCredentialToSign({ ...unsigned, frame: bare }, tools)
    expect(disclosures).toEqual([])
    expect(read(signingInput).payload).toEqual(claims)
  }
})

test.each(protectedClaims)(
  'SVC-2.2.2.3-1, SDJ-9.7-1 refuses to make %s disclosable, or anything inside it',
  (name) => {
    const full = {
      ...claims,
      aud: ['verifier'],
      'vct#integrity': 'sha256-x',
      aka_vcts: ['urn:facet:other:1'],
    }
    const frames: DisclosureFrame[] = [
      { _sd: [name] },
      { [name]: { _sd: ['jwk'] } },
      { [name]: { _sd_decoy: 1 } },
    ]
    for (const wrong of frames) {
      expect(outcomeOf(() => writeCredentialToSign({ ...unsigned, claims: full, frame: wrong }, tools))).toBe(
        'frame_protected_claim',
      )
    }
  },
)

test('SVC-2.2.2.3-2 makes sub and iat disclosable when asked to', () => {
  const { disclosures } = writeCredentialToSign(
    { ...unsigned, claims: { ...claims, sub: 'subject' }, frame: { _sd: ['sub', 'iat'] } },
    tools,
  )
  expect(disclosures).toHaveLength(2)
})

test.each<[string, object, string]>([
  ['no vct', { vct: undefined }, 'vct_missing'],
  ['an empty vct', { vct: '' }, 'vct_missing'],
  ['no issuer', { iss: undefined }, 'issuer_malformed'],
  ['an issuer that is no text', { iss: 1 }, 'claim_malformed'],
  ['an https issuer', { iss: 'https://issuer.example' }, 'did_malformed'],
  ['an exp that is a text', { exp: '2030' }, 'claim_malformed'],
  ['a private key in cnf', { cnf: { jwk: issuerKeys.privateJwk } }, 'jwk_private'],
  [
    'a status without an index',
    { status: { status_list: { uri: 'https://issuer.example/1' } } },
    'status_malformed',
  ],
  ['a claim named _sd', { _sd: ['x'] }, 'claim_name_forbidden'],
])('SVC-2.2.2.1-1, SVC-2.5-1 signs no credential with %s', (_, changes, expected) => {
  const wrong = JSON.parse(JSON.stringify({ ...claims, ...changes }))
  expect(outcomeOf(() => writeCredentialToSign({ ...unsigned, claims: wrong }, tools))).toBe(expected)
})

test.each<[string, object, string]>([
  ['half a character in the clear', { note: '\ud800' }, 'json_malformed'],
  ['half a character in a disclosure', { given_name: '\ud800' }, 'json_malformed'],
  ['half a character in a name', { address: { locality: '', '\udc00': 1 } }, 'json_malformed'],
  ['a number that is none', { age: Number.NaN }, 'json_malformed'],
  ['a number without end', { given_name: [Number.POSITIVE_INFINITY] }, 'json_malformed'],
  ['an end that is no number', { exp: Number.NaN }, 'json_malformed'],
  ['an end without end', { exp: Number.POSITIVE_INFINITY }, 'json_malformed'],
  ['what is not there', { age: undefined }, 'json_malformed'],
  ['an end at its issuance', { exp: claims.iat, nbf: 0 }, 'claim_malformed'],
  ['an end before it is valid', { nbf: claims.exp + 1 }, 'claim_malformed'],
  ['more than readers take, in the clear', { note: 'x'.repeat(3_200_000) }, 'sd_jwt_too_large'],
  ['more than readers take, in a disclosure', { given_name: 'x'.repeat(3_200_000) }, 'sd_jwt_too_large'],
  ['a bit more than leaves room for a key binding', { note: 'x'.repeat(3_142_500) }, 'sd_jwt_too_large'],
])('SDJ-4.1-5 signs no credential with %s', (_, changes, expected) => {
  const wrong = { ...claims, ...changes } as UnsignedCredential['claims']
  expect(outcomeOf(() => writeCredentialToSign({ ...unsigned, claims: wrong }, tools))).toBe(expected)
})

test('SDJ-4.1-5 signs no credential whose header is longer than readers take', () => {
  const iss = 'https://issuer.example'
  const long = (length: number): UnsignedCredential => ({
    ...unsigned,
    claims: { ...claims, iss },
    issuerKey: { by: 'jwt_vc_issuer', kid: 'x'.repeat(length) },
  })
  expect(outcomeOf(() => writeCredentialToSign(long(100_000), tools))).toBe('jws_too_large')
  expect(outcomeOf(() => writeCredentialToSign(long(90_000), tools))).toBe('accepted')
})

test.each([
  ['in a disclosure', { given_name: 'x'.repeat(1_100_000) }],
  ['in a disclosure, as large as may be', { given_name: 'x'.repeat(2_300_000) }],
  ['in the clear', { note: 'x'.repeat(3_000_000) }],
])('SDJ-4.1-5 what is large and signed is read: %s', (_, changes) => {
  const large = { ...unsigned, claims: { ...claims, ...changes } }
  const { signingInput, disclosures } = writeCredentialToSign(large, tools)
  const { report } = judge(writeSdJwt(sign(signingInput, issuerKeys), disclosures), atIssuance)
  expect(faultsOf(report)).toEqual([])
})

test('SVC-2.5-1 signs no credential with a key of somebody else', () => {
  for (const kid of ['did:example:other#0', issuer, '', `${issuer}?a#0`]) {
    expect(
      outcomeOf(() => writeCredentialToSign({ ...unsigned, issuerKey: { by: 'did', kid } }, tools)),
    ).toBe('did_malformed')
  }
})
