import type { DcqlQuery, VpToken } from '@facet-id/protocol/openid4vp'
import { outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { presentationsFor } from './vp-token.ts'

function asking(...ids: readonly string[]): DcqlQuery {
  return { credentials: ids.map((id) => ({ id, format: 'dc+sd-jwt', meta: { vct_values: ['urn:x'] } })) }
}

test('VP-8.6-1 finds one presentation for each query, in the order of the queries', () => {
  const found = presentationsFor(asking('b', 'a'), { a: ['A'], b: ['B'] })
  expect(found.map(({ query, presentation }) => [query.id, presentation])).toEqual([
    ['b', 'B'],
    ['a', 'A'],
  ])
})

const unfit: readonly [what: string, ids: readonly string[], token: VpToken][] = [
  ['a query is not answered', ['a', 'b'], { a: ['A'] }],
  ['a query is answered by an empty array', ['a'], { a: [] }],
  ['a query is answered twice', ['a'], { a: ['A', 'B'] }],
  ['a query was not asked', ['a'], { a: ['A'], b: ['B'] }],
  ['another query was asked', ['a'], { A: ['A'] }],
  ['nothing is answered', ['a'], {}],
  ['the query bears a name that every object inherits', ['constructor'], {}],
]

test.each(unfit)('VP-8.6-1, VP-8.1-2, VP-8.1-3 refuses a token when %s', (_, ids, token) => {
  expect(outcomeOf(() => presentationsFor(asking(...ids), token))).toBe('vp_token_unfit')
})

test.each<[string, readonly string[]]>([
  ['the same presentation', ['h.p.s~', 'h.q.s~', 'h.p.s~']],
  ['the same credential, signed for again by its holder', ['h.p.s~d~h.k.1', 'h.p.s~d~h.k.2']],
  ['the same credential with another signature', ['h.p.s~', 'h.p.t~']],
])('VP-8.6-4 several for one query are several credentials: %s is no more than one', (_, presentations) => {
  const [one] = asking('a').credentials
  if (one === undefined) throw new Error('there is one')
  const several: DcqlQuery = { credentials: [{ ...one, multiple: true }] }
  expect(outcomeOf(() => presentationsFor(several, { a: presentations }))).toBe('vp_token_unfit')
  expect(presentationsFor(several, { a: ['h.p.s~', 'h.q.s~'] })).toHaveLength(2)
  expect(presentationsFor(asking('a', 'b'), { a: ['h.p.s~'], b: ['h.p.s~'] })).toHaveLength(2)
})

test('takes names of the prototype for names like any other', () => {
  const token: VpToken = JSON.parse('{"__proto__":["A"],"constructor":["B"]}')
  const found = presentationsFor(asking('__proto__', 'constructor'), token)
  expect(found.map(({ presentation }) => presentation)).toEqual(['A', 'B'])
})
