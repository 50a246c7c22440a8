import { hash, outcomeOf, random } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { writeSigningInput } from '../jose/jws.ts'
import type { ClaimsPath } from './claims-path.ts'
import { splitSdJwt, writeSdJwt } from './compact.ts'
import { conceal } from './conceal.ts'
import { selectDisclosures } from './disclose.ts'
import { readDisclosure } from './disclosure.ts'
import { openSdJwt } from './open.ts'
import { openStoredSdJwt } from './stored.ts'

const claims = {
  iss: 'did:example:issuer',
  given_name: 'Specimen',
  'a.b': 'dotted',
  a: { b: 'nested' },
  address: { country: 'UTO', locality: 'Utopolis', street: { name: 'Musterweg', number: '1' } },
  nationalities: ['UTO', 'XXA'],
  evidence: [
    { type: 'document', number: '1' },
    { type: 'record', number: '2' },
  ],
}
const { payload, disclosures } = conceal(
  claims,
  {
    _sd: ['given_name', 'a.b', 'a', 'address'],
    a: { _sd: ['b'] },
    address: { _sd: ['locality', 'street'], street: { _sd: ['number'] } },
    nationalities: { _sd: [0, 1] },
    evidence: { _sd: [0, 1], 0: { _sd: ['number'] }, 1: { _sd: ['number'] } },
  },
  { hash, random },
)
const opened = openSdJwt(payload, disclosures, hash)

/** What a verifier makes of what the paths disclose. */
function shown(...paths: ClaimsPath[]) {
  const { iss: _, ...rest } = openSdJwt(payload, selectDisclosures(opened, paths), hash).claims
  return rest
}
const nothing = { nationalities: [], evidence: [] }

test('SDJ-7.2-3, SDJ-4-4 shows what a path reaches and nothing more', () => {
  expect(shown()).toEqual(nothing)
  expect(shown(['iss'])).toEqual(nothing)
  expect(shown(['given_name'])).toEqual({ ...nothing, given_name: 'Specimen' })
  expect(shown(['a.b'])).toEqual({ ...nothing, 'a.b': 'dotted' })
  expect(shown(['nationalities', 1])).toEqual({ ...nothing, nationalities: ['XXA'] })
})

test('SDJ-4.2.6-1, SDJ-7.2-3 shows the disclosures that a claim stands inside of', () => {
  expect(shown(['a', 'b'])).toEqual({ ...nothing, a: { b: 'nested' } })
  expect(shown(['address', 'street', 'number'])).toEqual({
    ...nothing,
    address: { country: 'UTO', street: { name: 'Musterweg', number: '1' } },
  })
  expect(shown(['evidence', 1, 'number'])).toEqual({
    ...nothing,
    evidence: [{ type: 'record', number: '2' }],
  })
})

test('SDJ-7.2-3 withholds what is disclosable inside a value that is shown', () => {
  expect(shown(['address'])).toEqual({ ...nothing, address: { country: 'UTO' } })
  expect(shown(['address', 'street'])).toEqual({
    ...nothing,
    address: { country: 'UTO', street: { name: 'Musterweg' } },
  })
  expect(shown(['nationalities'])).toEqual(nothing)
})

test('SDJ-7.2-3 shows every element for a path with null', () => {
  expect(shown(['nationalities', null])).toEqual({ ...nothing, nationalities: ['UTO', 'XXA'] })
  expect(shown(['evidence', null, 'type'])).toEqual({
    ...nothing,
    evidence: [{ type: 'document' }, { type: 'record' }],
  })
  expect(shown(['evidence', null, 'number']).evidence).toEqual(claims.evidence)
})

test('SDJ-4-3 gives each disclosure once, in the order it was issued', () => {
  const chosen = selectDisclosures(opened, [
    ['nationalities', null],
    ['address', 'locality'],
    ['address'],
    ['nationalities', 0],
  ])
  expect(chosen).toHaveLength(4)
  expect(chosen).toEqual(disclosures.filter((encoded) => chosen.includes(encoded)))
})

test.each<[ClaimsPath, string]>([
  [['family_name'], 'claim_absent'],
  [['given_name', 'first'], 'claims_path_type_mismatch'],
  [[], 'claims_path_malformed'],
])('SDJ-7.2-3 discloses nothing for the path %j: %s', (path, expected) => {
  expect(outcomeOf(() => selectDisclosures(opened, [['given_name'], path]))).toBe(expected)
})

const jwt = `${writeSigningInput({ alg: 'ES256' }, payload)}.c2ln`

test('SDJ-4-1, SDJ-4-4 a presentation holds the chosen disclosures, no others, and ends in a tilde', () => {
  const chosen = selectDisclosures(opened, [['address', 'locality']])
  const text = writeSdJwt(jwt, chosen)
  expect(text).toBe(`${jwt}~${chosen.join('~')}~`)
  for (const encoded of disclosures) {
    expect(text.includes(encoded)).toBe(chosen.includes(encoded))
    expect(text.includes(readDisclosure(encoded).salt)).toBe(false)
  }
})

test('SDJ-4-5 a holder opens what it stored without its signature being asked for again', () => {
  const stored = openStoredSdJwt(writeSdJwt(jwt, disclosures), hash)
  expect(stored).toEqual({ jwt, opened })
  expect(splitSdJwt(writeSdJwt(stored.jwt, disclosures)).disclosures).toEqual(disclosures)
  expect(outcomeOf(() => openStoredSdJwt(jwt, hash))).toBe('sd_jwt_malformed')
  expect(outcomeOf(() => openStoredSdJwt('e30.W10.c2ln~', hash))).toBe('json_not_object')
})
