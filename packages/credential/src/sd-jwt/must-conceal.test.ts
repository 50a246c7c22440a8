import { hash, outcomeOf, random } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import type { ClaimsPath } from './claims-path.ts'
import { conceal } from './conceal.ts'
import type { DisclosureFrame } from './disclosure-frame.ts'

const claims = {
  iss: 'did:example:issuer',
  given_name: 'Specimen',
  address: { country: 'UTO', street: { name: 'Musterweg', number: '1' } },
  nationalities: ['UTO', 'XXA'],
  evidence: [{ number: '1' }, { number: '2', type: 'record' }],
  empty: {},
  none: [],
}

const held = (frame: DisclosureFrame, ...mustConceal: ClaimsPath[]) =>
  outcomeOf(() => conceal(claims, frame, { hash, random, mustConceal }))

test.each<[string, DisclosureFrame, ClaimsPath]>([
  ['the claim itself', { _sd: ['given_name'] }, ['given_name']],
  ['an object around it', { _sd: ['address'] }, ['address', 'street', 'number']],
  ['all that is inside of it', { address: { _sd: ['country', 'street'] } }, ['address']],
  [
    'all that is inside of it, one deeper',
    { address: { _sd: ['country'], street: { _sd: ['name', 'number'] } } },
    ['address'],
  ],
  ['one element', { nationalities: { _sd: [1] } }, ['nationalities', 1]],
  ['every element', { nationalities: { _sd: [0, 1] } }, ['nationalities', null]],
  [
    'a claim of every element',
    { evidence: { 0: { _sd: ['number'] }, _sd: [1] } },
    ['evidence', null, 'number'],
  ],
  [
    'a claim that only some elements have',
    { evidence: { 1: { _sd: ['type'] } } },
    ['evidence', null, 'type'],
  ],
  ['a claim that this person does not have', {}, ['middle_name']],
  ['an element that is not there', {}, ['nationalities', 2]],
  ['every element of a list that has none', {}, ['none', null]],
  ['every element of a list that is not there', {}, ['residences', null]],
  ['an empty list', { _sd: ['none'] }, ['none']],
])('SDJ-9.7-3 a policy is met by a frame that conceals %s', (_, frame, path) => {
  expect(held(frame, path)).toBe('accepted')
})

test.each<[string, DisclosureFrame, ClaimsPath]>([
  ['the claim', {}, ['given_name']],
  ['another claim', { _sd: ['address'] }, ['given_name']],
  ['one claim inside', { address: { _sd: ['street'] } }, ['address']],
  ['one claim inside, one deeper', { address: { _sd: ['country'], street: { _sd: ['name'] } } }, ['address']],
  ['one element', { nationalities: { _sd: [0] } }, ['nationalities']],
  ['one of all elements', { nationalities: { _sd: [0] } }, ['nationalities', null]],
  ['a claim of one element', { evidence: { _sd: [0] } }, ['evidence', null, 'number']],
  ['an empty object', {}, ['empty']],
  ['an empty list', {}, ['none']],
  ['a claim beside decoys', { _sd_decoy: 3 }, ['given_name']],
])('SDJ-9.7-3 the issuer is told when a frame leaves in the clear %s', (_, frame, path) => {
  expect(held(frame, path)).toBe('frame_leaves_in_clear')
  expect(held(frame, ['middle_name'], path)).toBe('frame_leaves_in_clear')
})

test.each<[ClaimsPath, string]>([
  [[], 'claims_path_malformed'],
  [['nationalities', -1], 'claims_path_malformed'],
  [['given_name', 'first'], 'claims_path_type_mismatch'],
  [['nationalities', 'UTO'], 'claims_path_type_mismatch'],
  [['address', null], 'claims_path_type_mismatch'],
])('SDJ-9.7-3 a policy with the path %j can never be met: %s', (path, expected) => {
  expect(held({}, path)).toBe(expected)
})

test('SDJ-9.7-3 a frame that names what is not there is refused, whatever the policy', () => {
  expect(held({ _sd: ['given_nmae'] }, ['middle_name'])).toBe('frame_names_nothing')
  expect(held({ _sd: ['given_nmae'] }, ['given_name'])).toBe('frame_names_nothing')
})

test('SDJ-9.7-3 the message names the path of the policy and nothing of the person', () => {
  const refused = () => conceal(claims, {}, { hash, random, mustConceal: [['address', 'street', 'name']] })
  expect(refused).toThrow(/\["address","street","name"\]/)
  expect(refused).not.toThrow(/Musterweg/)
})
