import type { JsonObject, JsonValue } from '@facet-id/credential/json'
import { expect, test } from 'vitest'
import { TrustError } from '../error.ts'
import { applyPolicy, resolvePolicy } from './policy.ts'

/** What becomes of a parameter under policies, the most superior first; the code where they cannot be obeyed. */
function resolve(given: JsonValue | undefined, ...policies: readonly JsonValue[]): JsonValue | undefined {
  return resolveNamed('p', given, policies)
}

function resolveNamed(
  name: string,
  given: JsonValue | undefined,
  policies: readonly JsonValue[],
): JsonValue | undefined {
  try {
    const stated = policies.map((policy) => ({ policy: { t: { [name]: policy } }, crit: [] }))
    return applyPolicy({ t: given === undefined ? {} : { [name]: given } }, resolvePolicy(stated)).t?.[name]
  } catch (error) {
    if (error instanceof TrustError) return error.code
    throw error
  }
}

const error = 'policy_malformed'

test.each<[JsonValue | undefined, JsonValue, JsonValue | undefined]>([
  ['a', { value: 'b' }, 'b'],
  [undefined, { value: ['b'] }, ['b']],
  ['a', { value: null }, undefined],
  [['a'], { add: ['a', 'b'] }, ['a', 'b']],
  [undefined, { add: ['b'] }, ['b']],
  ['a', { add: ['b'] }, error],
  [undefined, { default: 1 }, 1],
  [2, { default: 1 }, 2],
  ['a', { default: null }, error],
  ['a', { one_of: ['a', 'b'] }, 'a'],
  ['c', { one_of: ['a', 'b'] }, error],
  [undefined, { one_of: ['a', 'b'] }, undefined],
  ['a', { one_of: [] }, error],
  [['a', 'e'], { subset_of: ['a', 'b', 'c'] }, ['a']],
  [['d', 'e'], { subset_of: ['a', 'b', 'c'] }, []],
  [undefined, { subset_of: ['a'] }, undefined],
  [undefined, { subset_of: ['a'], essential: true }, error],
  [['d'], { subset_of: ['a'], essential: true }, []],
  [['a', 'b'], { superset_of: ['a'] }, ['a', 'b']],
  [['b'], { superset_of: ['a'] }, error],
  [undefined, { superset_of: ['a'] }, undefined],
  [undefined, { essential: true }, error],
  [undefined, { essential: false }, undefined],
  [undefined, { essential: 'yes' }, error],
  ['a', { subset_of: 'a' }, error],
  [['b'], { add: ['a'], subset_of: ['a', 'c'] }, ['a']],
  [undefined, { default: ['a', 'x'], subset_of: ['a'] }, ['a']],
  [undefined, { default: ['a'], superset_of: ['b'] }, error],
  [['a'], { regexp: '.*' }, ['a']],
  ['a', [], error],
])('FED-6.1-3 %j under %j becomes %j', (given, policy, expected) => {
  expect(resolve(given, policy)).toEqual(expected)
})

test.each<[JsonObject, boolean]>([
  [{ value: ['a', 'b'], add: ['a'] }, true],
  [{ value: ['a'], add: ['b'] }, false],
  [{ value: 'a', default: 'b' }, true],
  [{ value: null, default: 'b' }, false],
  [{ value: 'a', one_of: ['a', 'b'] }, true],
  [{ value: 'c', one_of: ['a', 'b'] }, false],
  [{ value: ['a'], subset_of: ['a', 'b'] }, true],
  [{ value: ['c'], subset_of: ['a', 'b'] }, false],
  [{ value: ['a', 'b'], superset_of: ['a'] }, true],
  [{ value: ['b'], superset_of: ['a'] }, false],
  [{ value: null, essential: true }, false],
  [{ value: null, essential: false }, true],
  [{ add: ['a'], subset_of: ['a', 'b'] }, true],
  [{ add: ['c'], subset_of: ['a', 'b'] }, false],
  [{ subset_of: ['a', 'b'], superset_of: ['a'] }, true],
  [{ subset_of: ['a'], superset_of: ['a', 'b'] }, false],
  [{ one_of: ['a'], add: ['a'] }, false],
  [{ one_of: ['a'], subset_of: ['a'] }, false],
  [{ one_of: ['a'], superset_of: ['a'] }, false],
  [{ one_of: ['a'], default: 'a', essential: true }, true],
])('FED-6.1-1 %j may stand together: %s', (policy, allowed) => {
  const alone = Object.entries(policy).map(([operator, value]) => ({ [operator]: value }))
  const read = (policies: readonly JsonValue[]): boolean => {
    try {
      resolvePolicy(policies.map((of) => ({ policy: { t: { p: of } }, crit: [] })))
      return true
    } catch {
      return false
    }
  }
  expect(read([policy])).toBe(allowed)
  // The same where each is said by another superior.
  expect(read(alone)).toBe(allowed)
  expect(read(alone.toReversed())).toBe(allowed)
})

test.each<[JsonObject, JsonObject, JsonValue | undefined, JsonValue | undefined]>([
  [{ value: 'a' }, { value: 'a' }, 'x', 'a'],
  [{ value: 'a' }, { value: 'b' }, 'x', error],
  [{ add: ['a'] }, { add: ['b'] }, ['c'], ['c', 'a', 'b']],
  [{ default: 'a' }, { default: 'a' }, undefined, 'a'],
  [{ default: 'a' }, { default: 'b' }, undefined, error],
  [{ one_of: ['a', 'b'] }, { one_of: ['b', 'c'] }, 'b', 'b'],
  [{ one_of: ['a', 'b'] }, { one_of: ['b', 'c'] }, 'a', error],
  [{ one_of: ['a'] }, { one_of: ['c'] }, undefined, error],
  [{ subset_of: ['a', 'b'] }, { subset_of: ['b', 'c'] }, ['a', 'b', 'c'], ['b']],
  [{ subset_of: ['a'] }, { subset_of: ['c'] }, ['a'], []],
  [{ superset_of: ['a'] }, { superset_of: ['b'] }, ['a', 'b'], ['a', 'b']],
  [{ superset_of: ['a'] }, { superset_of: ['b'] }, ['a'], error],
  [{ essential: true }, { essential: false }, undefined, error],
  [{ essential: false }, { essential: false }, undefined, undefined],
  [{ subset_of: ['a'] }, { add: ['b'] }, ['a'], error],
])('FED-6.1-1 %j above %j: %j becomes %j', (superior, subordinate, given, expected) => {
  expect(resolve(given, superior, subordinate)).toEqual(expected)
})

test('FED-6.1-3 scope is a list that is written as one text', () => {
  expect(resolveNamed('scope', 'openid phone', [{ subset_of: ['openid', 'email'], add: ['email'] }])).toBe(
    'openid email',
  )
  expect(resolveNamed('scope', undefined, [{ default: 'openid email' }])).toBe('openid email')
  expect(resolveNamed('scope', 'phone', [{ superset_of: ['openid'] }])).toBe(error)
})

test('FED-6.1-3 an operator that must be understood and is not makes the policy an error', () => {
  const stated = { policy: { t: { p: { regexp: '.*' } } }, crit: ['regexp'] }
  expect(() => resolvePolicy([stated])).toThrow(TrustError)
  expect(() => resolvePolicy([{ ...stated, crit: ['subset_of'] }])).not.toThrow()
})

test('FED-6.1-1 what only one superior says stays, and other parameters and types are not touched', () => {
  const policy = resolvePolicy([
    { policy: { a: { x: { value: 1 } } }, crit: [] },
    { policy: undefined, crit: [] },
    { policy: { a: { y: { value: 2 } }, b: { z: { value: 3 } } }, crit: [] },
  ])
  expect(applyPolicy({ a: { w: 0 }, c: { z: 0 } }, policy)).toEqual({ a: { w: 0, x: 1, y: 2 }, c: { z: 0 } })
})
