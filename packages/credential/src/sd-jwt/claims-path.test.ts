import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import type { JsonValue } from '../json.ts'
import { type ClaimsPath, findByPath, readClaimsPath, selectByPath } from './claims-path.ts'

const claims = {
  name: 'Specimen',
  address: { locality: 'Utopolis', street_address: null },
  degrees: [{ type: 'Bachelor', university: 'Utopolis' }, { type: 'Master' }],
  nationalities: ['UTO', 'XXA'],
  matrix: [[1, 2], [], [3]],
  '0': 'zero',
}

test.each<[ClaimsPath, JsonValue[]]>([
  [['name'], ['Specimen']],
  [['address'], [claims.address]],
  [['address', 'street_address'], [null]],
  [
    ['degrees', null, 'type'],
    ['Bachelor', 'Master'],
  ],
  [['degrees', null, 'university'], ['Utopolis']],
  [['degrees', 1, 'type'], ['Master']],
  [
    ['nationalities', null],
    ['UTO', 'XXA'],
  ],
  [
    ['matrix', null, 0],
    [1, 3],
  ],
  [
    ['matrix', null, null],
    [1, 2, 3],
  ],
  [['0'], ['zero']],
])('VP-7-1, VCI-C-2, VCI-C-3, VCI-C-4 the path %j selects %j', (path, selected) => {
  expect(selectByPath(claims, path).map(({ value }) => value)).toEqual(selected)
  expect(findByPath(claims, path)).toEqual(selectByPath(claims, path))
})

test('VP-7-1 a path says where each selected value stands', () => {
  expect(selectByPath(claims, ['matrix', null, null]).map(({ at }) => at)).toEqual([
    ['matrix', 0, 0],
    ['matrix', 0, 1],
    ['matrix', 2, 0],
  ])
})

test.each<[ClaimsPath, string]>([
  [['nothing'], 'claim_absent'],
  [['address', 'country'], 'claim_absent'],
  [['nationalities', 2], 'claim_absent'],
  [['nothing', null, 'more'], 'claim_absent'],
  [['matrix', 1, null], 'claim_absent'],
  [['constructor'], 'claim_absent'],
  [['__proto__'], 'claim_absent'],
  [['name', 'first'], 'claims_path_type_mismatch'],
  [['nationalities', 'length'], 'claims_path_type_mismatch'],
  [['address', 'street_address', 'number'], 'claims_path_type_mismatch'],
  [['address', 0], 'claims_path_type_mismatch'],
  [['address', null], 'claims_path_type_mismatch'],
  [['name', null], 'claims_path_type_mismatch'],
  [['name', 0], 'claims_path_type_mismatch'],
  [[0], 'claims_path_type_mismatch'],
  [['degrees', null, null], 'claims_path_type_mismatch'],
  [['nationalities', -1], 'claims_path_malformed'],
  [['nationalities', 0.5], 'claims_path_malformed'],
  [[], 'claims_path_malformed'],
])('VP-7-1, VCI-C-2, VCI-C-3, VCI-C-4, VCI-C-5 the path %j comes to %s', (path, expected) => {
  expect(outcomeOf(() => selectByPath(claims, path))).toBe(expected)
  if (expected !== 'claims_path_malformed') expect(findByPath(claims, path)).toEqual([])
})

test('VP-7-1 one element that does not fit is an error for all of them, wherever it stands', () => {
  for (const mixed of [
    [{ x: 1 }, 'y'],
    ['y', { x: 1 }],
  ]) {
    expect(outcomeOf(() => selectByPath({ mixed }, ['mixed', null, 'x']))).toBe('claims_path_type_mismatch')
    expect(findByPath({ mixed }, ['mixed', null, 'x'])).toEqual([])
  }
})

test.each<[JsonValue]>([
  [[]],
  ['name'],
  [null],
  [{}],
  [[true]],
  [['a', ['b']]],
  [['a', {}]],
  [['a', -1]],
  [['a', 1.5]],
  [['a', 1e300]],
])('VCI-C-1 refuses %j where a claims path belongs', (value) => {
  expect(outcomeOf(() => readClaimsPath(value))).toBe('claims_path_malformed')
})

test('VCI-C-1 a claims path is read as it stands', () => {
  expect(readClaimsPath(['a', null, 0, ''])).toEqual(['a', null, 0, ''])
})
