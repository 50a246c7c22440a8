import type { ClaimPlace, DisclosureFrame } from '@facet-id/credential/sd-jwt'
import { hash, keyPair } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { issueCopy, specimen, specimenFrame } from '../issuer.test-support.ts'
import { shownBy } from './shown.ts'

test('VP-6.4.1-1 shows nothing that can be withheld where nothing is asked for', () => {
  expect(show([])).toEqual([])
})

test('VP-7-2 tells of every value beside a claim that cannot be shown without it', () => {
  expect(show([['address', 'street_address']])).toEqual([
    { path: ['address', 'country'], value: 'UTO' },
    { path: ['address', 'street_address'], value: '12 Specimen Street' },
  ])
})

test('VP-7-3 an object is shown with what cannot be withheld in it, and no more', () => {
  expect(show([['address']])).toEqual([{ path: ['address', 'country'], value: 'UTO' }])
})

test('values come in the order of the request, whatever the order of the digests', () => {
  const paths = [['family_name'], ['birthdate'], ['given_name'], ['document_number']]
  for (let copy = 0; copy < 8; copy++) {
    expect(show(paths).map(({ path }) => path)).toEqual(paths)
  }
})

test('an element is named by the place that the verifier sees, where withheld ones leave no gap', () => {
  expect(show([['nationalities', 1]])).toEqual([{ path: ['nationalities', 0], value: 'ZZZ' }])
})

test('an empty list of the issuer is a value; one that is empty because all is withheld is none', () => {
  const claims = { convictions: [], remarks: {}, notes: { none: [] }, languages: ['en'] }
  const frame: DisclosureFrame = { ...specimenFrame, languages: { _sd: [0] } }
  expect(show([], { claims, frame })).toEqual([
    { path: ['convictions'], value: [] },
    { path: ['notes', 'none'], value: [] },
    { path: ['remarks'], value: {} },
  ])
})

test('claims may bear the names of what every object has', () => {
  const claims = JSON.parse('{"__proto__":"a","constructor":{"name":"b"},"toString":null}')
  expect(show([], { claims }).map(({ path }) => path.join('.'))).toEqual([
    '__proto__',
    'constructor.name',
    'toString',
  ])
})

test('what was shown is what was told: the person sees every value that leaves', () => {
  const all = show(
    Object.keys(specimen).map((name) => [name]),
    { frame: {} },
  )
  expect(Object.fromEntries(all.map(({ path, value }) => [path.join('.'), value]))).toEqual({
    given_name: 'Anna Maria',
    family_name: 'Eriksson',
    birthdate: '1974-08-12',
    'nationalities.0': 'UTO',
    'nationalities.1': 'ZZZ',
    'address.street_address': '12 Specimen Street',
    'address.locality': 'Zenith',
    'address.country': 'UTO',
    document_number: 'L898902C3',
    'age_equal_or_over.18': true,
    'age_equal_or_over.21': true,
  })
})

function show(paths: readonly ClaimPlace[], changes: Parameters<typeof issueCopy>[1] = {}) {
  const compact = issueCopy(keyPair().publicJwk, changes)
  const copy = { key: 'c.0000', version: '1', record: { credentialId: 'c', compact, keyId: 'c.0' } }
  return shownBy({ copy, paths }, hash).discloses.map(({ path, value }) => ({ path, value }))
}
