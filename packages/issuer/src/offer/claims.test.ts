import type { JsonObject, JsonValue } from '@facet-id/credential/json'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import type { CredentialConfiguration } from '../settings.ts'
import { person, specimen, world } from '../world.test-support.ts'

const { given_name, family_name } = specimen
const names = { given_name, family_name } as JsonObject

function outcome(
  claims: JsonObject,
  change: Partial<CredentialConfiguration> = {},
): string | Promise<string> {
  const here = world({ settings: { configurations: { person: { ...person, ...change } } } })
  return outcomeOf(() => here.offer({ claims }))
}

test('claims that the configuration describes are offered, those that it makes mandatory alone too', async () => {
  expect(await outcome(specimen)).toBe('accepted')
  expect(await outcome(names)).toBe('accepted')
})

test.each<[string, JsonObject]>([
  ['a claim is not described', { ...specimen, religion: 'none' }],
  [
    'a part of a claim is not described',
    { ...specimen, address: { locality: 'Zenith', street: 'Specimen' } },
  ],
  ['a text stands where parts are described', { ...specimen, address: 'Zenith' }],
  ['a list stands where parts are described', { ...specimen, address: ['Zenith'] }],
  ['a name differs in case', { ...names, Nationalities: ['UTO'] }],
  ['a claim limits the credential', { ...specimen, exp: 1 }],
  ['a claim names another issuer', { ...specimen, iss: 'did:example:other' }],
  ['a claim bears the name of what every object has', { ...specimen, constructor: 'x' }],
  ['a prototype comes along', JSON.parse('{"given_name":"A","family_name":"B","__proto__":{}}')],
])('an offer is refused when %s', async (_, claims) => {
  expect(await outcome(claims)).toBe('claims_do_not_fit')
})

test.each<[string, JsonObject, readonly (string | number | null)[]]>([
  ['a claim', { given_name: 'Anna Maria' }, ['family_name']],
  ['a part of a claim', { address: { country: 'UTO' } }, ['address', 'locality']],
  ['a part of a claim that is another kind', { address: 'Zenith' }, ['address', 'locality']],
  ['every element', { nationalities: [] }, ['nationalities', null]],
  ['an element', { nationalities: ['UTO'] }, ['nationalities', 1]],
  ['what only every object has', {}, ['constructor']],
])('VCI-B.2-1 an offer is refused when %s is missing and mandatory', async (_, claims, path) => {
  const described = Object.keys(claims).map((name) => ({ path: [name] }))
  const others = described.filter((one) => JSON.stringify(one.path) !== JSON.stringify(path))
  expect(await outcome(claims, { claims: [...others, { path, mandatory: true }] })).toBe('claims_do_not_fit')
  expect(await outcome(claims, { claims: [...described] })).toBe('accepted')
})

test('VCI-B.2-1 what is mandatory is there when it is false, null, empty or in one element only', async () => {
  const mandatory = (...path: (string | number | null)[]) => ({ claims: [{ path, mandatory: true }] })
  for (const value of [false, null, '', 0, [], {}]) {
    expect(await outcome({ a: value }, mandatory('a'))).toBe('accepted')
  }
  const claims = [{ path: ['a'] }, { path: ['a', null, 'b'], mandatory: true }]
  expect(await outcome({ a: [{}, { b: 1 }] }, { claims })).toBe('accepted')
  expect(await outcome({ a: [{}, { c: 1 }] }, { claims })).toBe('claims_do_not_fit')
})

test('elements are described one by one or all together', async () => {
  const every = { claims: [{ path: ['a', null, 'b'] }] }
  expect(await outcome({ a: [{ b: 1 }, { b: 2 }] }, every)).toBe('accepted')
  expect(await outcome({ a: [{ b: 1 }, { c: 2 }] }, every)).toBe('claims_do_not_fit')
  const first = { claims: [{ path: ['a', 0] }] }
  expect(await outcome({ a: [1] }, first)).toBe('accepted')
  expect(await outcome({ a: [1, 2] }, first)).toBe('claims_do_not_fit')
})

function nested(depth: number): JsonValue {
  let value: JsonValue = 'x'
  for (let level = 0; level < depth; level++) value = [value]
  return value
}

/** As a caller without types could give them. */
function untyped(claims: object): JsonObject {
  return claims as JsonObject
}

test.each<[string, JsonObject]>([
  ['is deeper than any reader goes', { ...names, nationalities: nested(80) }],
  ['is named "_sd"', { ...names, age_equal_or_over: { _sd: ['x'] } }],
  ['is named "..."', { ...names, age_equal_or_over: { '...': 'x' } }],
  ['is named "_sd_alg"', { ...names, age_equal_or_over: { _sd_alg: 'sha-256' } }],
  ['holds more and is named "_sd_decoy"', { ...names, age_equal_or_over: { _sd_decoy: { '18': true } } }],
  ['is a list named "_sd_decoy"', { ...names, age_equal_or_over: { _sd_decoy: [1] } }],
  ['is half a character', { ...names, nationalities: ['\ud800'] }],
  ['is no number', { ...names, nationalities: [Number.NaN] }],
  ['is a number without end', { ...names, nationalities: [Number.POSITIVE_INFINITY] }],
  ['is nothing', untyped({ ...names, nationalities: undefined })],
  ['is a date', untyped({ ...names, nationalities: new Date(0) })],
  ['is a function', untyped({ ...names, nationalities: () => 'UTO' })],
  ['is larger than a credential may be', { ...names, nationalities: 'x'.repeat(4_194_304) }],
  ['is too many', { ...names, nationalities: Array.from({ length: 20_001 }, (_, at) => at) }],
])('an offer is refused when a claim %s, before anything is promised', async (_, claims) => {
  const here = world()
  expect(await outcomeOf(() => here.offer({ claims }))).toBe('claims_do_not_fit')
  expect(await here.state.rests()).toEqual([])
})

test('SDJ-9.7-5 a claim may be named like a word of frames, when nothing stands inside of it', async () => {
  expect(await outcome({ ...names, age_equal_or_over: { _sd_decoy: true } })).toBe('accepted')
})

test('a mandatory claim that is undefined is missing', async () => {
  expect(await outcome(untyped({ ...specimen, given_name: undefined }))).toBe('claims_do_not_fit')
})

test('a refusal names the claim, and not its value', async () => {
  const here = world()
  const offering = here.offer({ claims: { ...specimen, religion: 'planted value' } })
  await expect(offering).rejects.toThrow(/"religion"/)
  await expect(offering).rejects.not.toThrow(/planted/)
})
