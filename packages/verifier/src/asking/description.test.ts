/** Words that become queries, and words that do not. */
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { type Description, queryFor } from './description.ts'

const TYPES = ['urn:facet:test:person']

function claimsOf(described: string | Description): unknown {
  return queryFor(described, TYPES).credentials[0]?.claims
}

const over18 = { path: ['age_equal_or_over', '18'], values: [true] }

test.each<[string, Description, unknown]>([
  ['over 18', { over: 18 }, [over18]],
  ['nationality UTO', { nationality: 'UTO' }, [{ path: ['nationalities', null], values: ['UTO'] }]],
  [
    'Over 18 and nationality UTO or ZZZ',
    { over: 18, nationality: ['UTO', 'ZZZ'] },
    [over18, { path: ['nationalities', null], values: ['UTO', 'ZZZ'] }],
  ],
  ['name', { claims: ['given_name', 'family_name'] }, [{ path: ['given_name'] }, { path: ['family_name'] }]],
  [
    ' over  18 ,  family name,date of birth ',
    { over: 18, claims: ['family_name', ['birthdate']] },
    [over18, { path: ['family_name'] }, { path: ['birthdate'] }],
  ],
])('VRF-1 "%s" asks for what its members ask for', (words, members, claims) => {
  expect(claimsOf(words)).toEqual(claims)
  expect(claimsOf(members)).toEqual(claims)
})

test('VRF-1 a description asks for the types of the settings, unless it names others', () => {
  expect(queryFor('over 18', TYPES).credentials[0]?.meta.vct_values).toEqual(TYPES)
  const types = ['urn:facet:test:other']
  expect(queryFor({ over: 18, types }, TYPES).credentials[0]?.meta.vct_values).toEqual(types)
})

test.each<[string | Description]>([
  [''],
  [' , '],
  ['over'],
  ['over eighteen'],
  ['over 0'],
  ['over 151'],
  ['over 18, over 21'],
  ['nationality UTO, nationality ZZZ'],
  ['shoe size'],
  ['constructor'],
  ['__proto__'],
  ['over 18 or name'],
  ['x'.repeat(513)],
  [{}],
  [{ over: 18.5 }],
  [{ over: Number.NaN }],
  [{ claims: [] }],
])('VRF-2 %j is refused, and nothing else is asked for instead', (described) => {
  expect(outcomeOf(() => queryFor(described, TYPES))).toBe('description_unreadable')
})

test('VRF-2 without a type there is nothing to ask for', () => {
  expect(outcomeOf(() => queryFor('over 18', []))).toBe('description_unreadable')
})

test('VRF-2 what no query may name, none names', () => {
  expect(outcomeOf(() => queryFor({ claims: [[]] }, TYPES))).toBe('message_malformed')
  expect(outcomeOf(() => queryFor({ nationality: [] }, TYPES))).toBe('message_malformed')
})
