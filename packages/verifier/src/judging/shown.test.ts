import type { JsonObject } from '@facet-id/credential/json'
import type { ClaimPlace } from '@facet-id/credential/sd-jwt'
import { expect, test } from 'vitest'
import { shownOf } from './shown.ts'

const claims: JsonObject = {
  iss: 'did:jwk:e30',
  exp: 1,
  given_name: 'Anna Maria',
  nationalities: ['UTO', 'ZZZ'],
  address: { locality: 'Zenith', country: 'UTO' },
  visits: [{ at: 'Zenith', on: 1 }, 'none', { at: 'Nadir', on: 2 }],
}

test.each<[asked: readonly ClaimPlace[], expected: JsonObject]>([
  [[], {}],
  [[['given_name']], { given_name: 'Anna Maria' }],
  [[['address']], { address: { locality: 'Zenith', country: 'UTO' } }],
  [[['address', 'country']], { address: { country: 'UTO' } }],
  [[['address', 'country'], ['address']], { address: { locality: 'Zenith', country: 'UTO' } }],
  [[['address'], ['address', 'country']], { address: { locality: 'Zenith', country: 'UTO' } }],
  [[['nationalities', 1]], { nationalities: ['ZZZ'] }],
  [
    [
      ['nationalities', 1],
      ['nationalities', 0],
    ],
    { nationalities: ['UTO', 'ZZZ'] },
  ],
  [
    [
      ['visits', 2, 'at'],
      ['visits', 0, 'at'],
    ],
    { visits: [{ at: 'Zenith' }, { at: 'Nadir' }] },
  ],
  [[['iss']], { iss: 'did:jwk:e30' }],
])('of all claims keeps those at %j', (asked, expected) => {
  expect(shownOf({ claims, disclosed: [] }, asked).claims).toEqual(expected)
})

test('keeps claims in the order in which they are asked for, whatever the order of the credential', () => {
  const asked: readonly ClaimPlace[] = [['visits'], ['address', 'country'], ['exp'], ['address', 'locality']]
  const both = [claims, Object.fromEntries(Object.entries(claims).reverse())]
  for (const order of both) {
    const kept = shownOf({ claims: order, disclosed: [] }, asked).claims
    expect(Object.keys(kept)).toEqual(['visits', 'address', 'exp'])
    expect(JSON.stringify(kept.address)).toBe('{"country":"UTO","locality":"Zenith"}')
  }
})

test.each<[disclosed: readonly ClaimPlace[], more: boolean]>([
  [[], false],
  [[['address']], false],
  [[['address', 'locality']], false],
  [[['nationalities', 0]], false],
  [[['nationalities']], false],
  [[['nationalities', 1]], true],
  [[['given_name']], true],
  [[['address'], ['given_name']], true],
])('says whether more was disclosed than was asked for: %j', (disclosed, more) => {
  expect(shownOf({ claims, disclosed }, [['address'], ['nationalities', 0]]).more).toBe(more)
})

test('takes names of the prototype for names like any other', () => {
  const odd: JsonObject = JSON.parse('{"__proto__":{"constructor":1,"x":2},"constructor":3}')
  const kept = shownOf({ claims: odd, disclosed: [] }, [['__proto__', 'constructor']]).claims
  expect(JSON.stringify(kept)).toBe('{"__proto__":{"constructor":1}}')
  expect(shownOf({ claims: {}, disclosed: [] }, [['constructor']]).claims).toEqual({})
})
