import type { JsonObject } from '@facet-id/credential/json'
import { expect, test } from 'vitest'
import type { CredentialQuery } from './credential-query.ts'
import { evaluateQuery } from './evaluate.ts'
import { createHeldIndex, type HeldCredential } from './held-index.ts'
import type { DcqlQuery } from './query.ts'

const asked = (id: string, vct: string, more: Partial<CredentialQuery> = {}): CredentialQuery => ({
  id,
  format: 'dc+sd-jwt',
  meta: { vct_values: [vct] },
  ...more,
})

const held = (id: string, vct: string, claims: JsonObject = {}): HeldCredential => ({
  id,
  vct,
  claims,
  hasHolderKey: true,
})

const shelf = createHeldIndex([
  held('p1', 'person', { name: 'A' }),
  held('p2', 'person'),
  held('l', 'licence'),
])

function answering(query: DcqlQuery) {
  const { queries, sets, isAnswerable } = evaluateQuery(query, shelf)
  return {
    matches: Object.fromEntries(
      queries.map(({ query: { id }, matches }) => [id, matches.map((one) => one.held.id)]),
    ),
    options: sets.map(({ options }) => options.map(({ isAnswered }) => isAnswered)),
    isAnswerable,
  }
}

test('VP-6.4.2-1 without credential sets every query needs an answer', () => {
  expect(answering({ credentials: [asked('a', 'person'), asked('b', 'licence')] })).toEqual({
    matches: { a: ['p1', 'p2'], b: ['l'] },
    options: [[true]],
    isAnswerable: true,
  })
  expect(answering({ credentials: [asked('a', 'person'), asked('b', 'none')] })).toEqual({
    matches: { a: ['p1', 'p2'], b: [] },
    options: [[false]],
    isAnswerable: false,
  })
})

test('VP-6.4.2-2, VP-6.4.2-3 every required set needs one of its options whole; others may stay unanswered', () => {
  const credentials = [asked('a', 'none'), asked('b', 'licence'), asked('c', 'person')]
  const sets = (...credential_sets: NonNullable<DcqlQuery['credential_sets']>[number][]) =>
    answering({ credentials, credential_sets })
  expect(sets({ options: [['a'], ['b', 'c']] })).toMatchObject({
    options: [[false, true]],
    isAnswerable: true,
  })
  expect(sets({ options: [['a', 'b'], ['a']] }).isAnswerable).toBe(false)
  expect(sets({ options: [['b']] }, { options: [['a']] }).isAnswerable).toBe(false)
  expect(sets({ options: [['b']] }, { options: [['a']], required: false })).toMatchObject({
    options: [[true], [false]],
    isAnswerable: true,
  })
})

test('VP-6.4.2-4 what does not match one query stops no other, and is returned for none', () => {
  const credentials = [asked('a', 'person', { claims: [{ path: ['name', 'first'] }] }), asked('b', 'person')]
  const { matches } = answering({ credentials, credential_sets: [{ options: [['a'], ['b']] }] })
  expect(matches).toEqual({ a: [], b: ['p1', 'p2'] })
})
