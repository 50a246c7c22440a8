import type { JsonObject } from '@facet-id/credential/json'
import { vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import type { ClaimsQuery, CredentialQuery } from './credential-query.ts'
import { type Candidate, checkAnswer, type Match, matchCredential } from './match.ts'

interface Scenario {
  readonly query: CredentialQuery
  readonly candidate: Candidate
}

function outcome(match: Match): string {
  return match.matches ? 'accepted' : match.code
}

for (const { requirement, comment, input, expect: expected } of vectors(
  new URL('../../../vectors/openid4vp/dcql-match/', import.meta.url),
)) {
  const { query, candidate } = input as Scenario
  test(`${requirement} ${comment}`, () => {
    expect(outcome(matchCredential(query, candidate))).toBe(expected)
  })
  // What a position means to a verifier is shown below.
  if (query.claims?.some(({ path }) => path.some((step) => typeof step === 'number'))) continue
  test(`VP-14.11-1 and so does the verifier: ${comment}`, () => {
    expect(outcome(checkAnswer(query, candidate))).toBe(expected)
  })
}

const person: JsonObject = {
  iss: 'did:example:issuer',
  vct: 'urn:facet:person:1',
  given_name: 'Erika',
  nationalities: ['UTO', 'XXA', 'UTO'],
  address: { locality: 'Capital', country: 'UTO' },
  degrees: [{ type: 'Bachelor', from: 'A' }, { type: 'Master' }],
}

function asking(claims?: readonly ClaimsQuery[]): CredentialQuery {
  const meta = { vct_values: ['urn:facet:person:1'] }
  return { id: 'person', format: 'dc+sd-jwt', meta, ...(claims === undefined ? {} : { claims }) }
}

function holding(claims: JsonObject): Candidate {
  return { vct: 'urn:facet:person:1', claims, hasHolderKey: true }
}

function pathsFor(claims?: readonly ClaimsQuery[]): unknown {
  const match = matchCredential(asking(claims), holding(person))
  return match.matches ? match.paths : match.code
}

test('VP-6.4.1-1 shows no claims where none are asked for', () => {
  expect(pathsFor()).toEqual([])
})

test('VP-6.4-1, VP-7-3 shows the claims that were asked for, and no others', () => {
  expect(pathsFor([{ path: ['given_name'] }, { path: ['address', 'country'] }])).toEqual([
    ['given_name'],
    ['address', 'country'],
  ])
  expect(pathsFor([{ path: ['address'] }])).toEqual([['address']])
  expect(pathsFor([{ path: ['nationalities', null] }])).toEqual([
    ['nationalities', 0],
    ['nationalities', 1],
    ['nationalities', 2],
  ])
  expect(pathsFor([{ path: ['degrees', null, 'from'] }])).toEqual([['degrees', 0, 'from']])
})

test('VP-6.4.1-4, VP-6.4-1 of a list, shows the elements that have one of the values', () => {
  expect(pathsFor([{ path: ['nationalities', null], values: ['XXA'] }])).toEqual([['nationalities', 1]])
  expect(pathsFor([{ path: ['nationalities', null], values: ['UTO', 'XXB'] }])).toEqual([
    ['nationalities', 0],
    ['nationalities', 2],
  ])
  expect(pathsFor([{ path: ['degrees', null, 'type'], values: ['Master'] }])).toEqual([
    ['degrees', 1, 'type'],
  ])
})

test('VP-6.4.1-3, VP-6.4-1 of claim sets, shows the claims of the first that can be met, and no others', () => {
  const claims = [
    { id: 'tax', path: ['tax_number'] },
    { id: 'name', path: ['given_name'] },
    { id: 'country', path: ['address', 'country'] },
  ]
  const showing = (...claim_sets: string[][]): unknown =>
    matchCredential({ ...asking(claims), claim_sets }, holding(person))
  expect(showing(['tax'], ['name', 'country'], ['name'])).toEqual({
    matches: true,
    paths: [['given_name'], ['address', 'country']],
    claimSet: 1,
  })
  expect(showing(['name'], ['country'])).toEqual({ matches: true, paths: [['given_name']], claimSet: 0 })
  expect(showing(['tax'], ['tax', 'name'])).toMatchObject({ matches: false, code: 'claim_set' })
  // One that no reader has read: what is not there cannot be met.
  expect(showing(['nothing'])).toMatchObject({ matches: false, code: 'claim_absent' })
})

test('VP-6.1-6 the same credential may answer several queries', () => {
  const candidate = holding(person)
  expect(matchCredential(asking([{ path: ['given_name'] }]), candidate).matches).toBe(true)
  expect(matchCredential(asking([{ path: ['address'] }]), candidate).matches).toBe(true)
})

test('VP-6.4.1-5, VP-14.11-1 the verifier looks for every claim and every value itself', () => {
  const query = asking([{ path: ['given_name'] }, { path: ['nationalities', null], values: ['UTO'] }])
  expect(outcome(checkAnswer(query, holding({ given_name: 'Erika', nationalities: ['UTO'] })))).toBe(
    'accepted',
  )
  expect(outcome(checkAnswer(query, holding({ given_name: 'Erika', nationalities: ['XXA'] })))).toBe('value')
  expect(outcome(checkAnswer(query, holding({ given_name: 'Erika', nationalities: [] })))).toBe(
    'claim_absent',
  )
  expect(outcome(checkAnswer(query, holding({ nationalities: ['UTO'] })))).toBe('claim_absent')
  expect(outcome(checkAnswer(query, { ...holding(person), vct: 'urn:facet:other:1' }))).toBe('type')
  expect(outcome(checkAnswer(query, { ...holding(person), hasHolderKey: false }))).toBe('holder_key')
})

test('VP-14.11-1 showing more than was asked for is no reason to refuse', () => {
  expect(checkAnswer(asking([{ path: ['given_name'] }]), holding(person)).matches).toBe(true)
  expect(checkAnswer(asking(), holding(person)).matches).toBe(true)
})

test('VP-7-1 a verifier finds the second element also where the first was withheld', () => {
  const second = asking([{ path: ['nationalities', 1], values: ['XXA'] }])
  expect(pathsFor(second.claims)).toEqual([['nationalities', 1]])
  expect(checkAnswer(second, holding({ nationalities: ['XXA'] })).matches).toBe(true)
  expect(checkAnswer(second, holding({ nationalities: ['UTO', 'XXA'] })).matches).toBe(true)
  const first = asking([{ path: ['nationalities', 0], values: ['XXA'] }])
  expect(outcome(checkAnswer(first, holding({ nationalities: ['UTO', 'XXA'] })))).toBe('value')
})

test('VP-7-1 a verifier finds a position among elements of several kinds', () => {
  const query = asking([{ path: ['mixed', 0, 'x'] }])
  expect(checkAnswer(query, holding({ mixed: [{ x: 1 }, 'y'] })).matches).toBe(true)
  expect(
    checkAnswer(asking([{ path: ['mixed', 1, 'x'] }]), holding({ mixed: ['y', { x: 1 }] })).matches,
  ).toBe(true)
  expect(checkAnswer(query, holding({ mixed: ['y', { x: 1 }] })).matches).toBe(false)
})

test('whatever a wallet may answer, the verifier finds in it', () => {
  const queries = [
    asking([{ path: ['nationalities', null], values: ['XXA'] }, { path: ['address', 'country'] }]),
    asking([{ path: ['nationalities', 2] }]),
    asking([{ path: ['nationalities', 0] }, { path: ['degrees', null, 'from'] }]),
    asking([{ path: ['degrees', 1, 'type'], values: ['Master'] }]),
  ]
  for (const query of queries) {
    const match = matchCredential(query, holding(person))
    if (!match.matches) throw new Error('the person has all of it')
    expect(checkAnswer(query, holding(shown(person, match.paths))).matches).toBe(true)
  }
})

/** What is left of claims when nothing but these places is shown. */
function shown(claims: JsonObject, paths: readonly (readonly (string | number)[])[]): JsonObject {
  const keep = (value: unknown, at: readonly (string | number)[]): unknown => {
    const within = paths.filter((path) => at.every((step, depth) => path[depth] === step))
    if (within.length === 0) return undefined
    if (within.some((path) => path.length <= at.length)) return value
    if (Array.isArray(value)) {
      return value.map((item, index) => keep(item, [...at, index])).filter((item) => item !== undefined)
    }
    return Object.fromEntries(
      Object.entries(value as JsonObject)
        .map(([name, member]) => [name, keep(member, [...at, name])])
        .filter(([, member]) => member !== undefined),
    )
  }
  return keep(claims, []) as JsonObject
}

test('VP-7-1, VP-14.11-1 a verifier keeps one element for a position, and none of its neighbours', () => {
  const placesOf = (path: ClaimsQuery['path'], claims: JsonObject) => {
    const match = checkAnswer(asking([{ path }]), holding(claims))
    return match.matches ? match.paths : match.code
  }
  const emails = { emails: ['private', 'shop', 'third'] }
  expect(placesOf(['emails', 1], emails)).toEqual([['emails', 1]])
  expect(placesOf(['emails', 1], { emails: ['shop'] })).toEqual([['emails', 0]])
  expect(placesOf(['emails', null], emails)).toHaveLength(3)
  const degrees = { degrees: [{ from: ['A', 'B'] }, { from: ['C', 'D'] }] }
  expect(placesOf(['degrees', null, 'from', 0], degrees)).toEqual([
    ['degrees', 0, 'from', 0],
    ['degrees', 1, 'from', 0],
  ])
})
