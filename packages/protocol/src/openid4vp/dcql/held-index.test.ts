import type { JsonObject, JsonValue } from '@facet-id/credential/json'
import type { ClaimsPath } from '@facet-id/credential/sd-jwt'
import { seededRandom } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import type { CredentialQuery } from './credential-query.ts'
import { evaluateQuery } from './evaluate.ts'
import { createHeldIndex, type HeldCredential } from './held-index.ts'
import { matchCredential } from './match.ts'

function held(id: string, claims: JsonObject, more: Partial<HeldCredential> = {}): HeldCredential {
  return { id, vct: 'person', claims, hasHolderKey: true, ...more }
}

function asking(path?: ClaimsPath, vcts: readonly string[] = ['person']): CredentialQuery {
  const claims = path === undefined ? {} : { claims: [{ path }] }
  return { id: 'q', format: 'dc+sd-jwt', meta: { vct_values: vcts }, ...claims }
}

test('VP-6.4.2-4 finds who has a claim, also inside of others and of arrays', () => {
  const index = createHeldIndex([
    held('a', { name: 'A', list: [{ x: 1 }, { y: [2] }] }),
    held('b', { name: 'B' }),
    held('c', { name: 'C' }, { vct: 'student', extended: ['person'] }),
  ])
  const found = (query: CredentialQuery) => [...index.candidatesFor(query)].map(({ id }) => id)
  expect(found(asking())).toEqual(['a', 'b', 'c'])
  expect(found(asking(['list', 1, 'y', null]))).toEqual(['a'])
  expect(found(asking(['list', null, 'z']))).toEqual([])
  expect(found(asking(['constructor']))).toEqual([])
  expect(found(asking(undefined, ['student', 'person']))).toEqual(['c', 'a', 'b'])
  expect(found(asking(undefined, ['nobody']))).toEqual([])
})

test('VP-6.4.2-4 what leaves the shelf is found no more, and what is put anew is found as it is now', () => {
  const index = createHeldIndex([held('a', { name: 'A', list: [1] }), held('b', { list: [[]] })])
  const found = (path: ClaimsPath) => [...index.candidatesFor(asking(path))].map(({ id }) => id)
  index.put(held('a', { other: true }))
  expect([index.size, found(['name']), found(['other']), found(['list', 0])]).toEqual([2, [], ['a'], ['b']])
  index.remove('b')
  index.remove('nobody')
  expect([index.size, found(['list']), index.find('b'), index.find('a')?.id]).toEqual([1, [], undefined, 'a'])
})

test('VP-7-1 nothing is missed below the depth that paths reach', () => {
  const deep = (depth: number): JsonValue => (depth === 0 ? 'x' : { a: deep(depth - 1) })
  const index = createHeldIndex([held('a', { a: deep(40) })])
  const query = asking(Array.from({ length: 41 }, () => 'a'))
  expect(evaluateQuery({ credentials: [query] }, index).isAnswerable).toBe(true)
})

test('VP-6.4.2-4 the index finds what a look at each credential finds, while the shelf changes', () => {
  const random = seededRandom('held index')
  const below = (end: number): number => (random(1)[0] ?? 0) % end
  const value = (depth: number): JsonValue => {
    if (depth === 0 || below(3) === 0) return below(3)
    if (below(2) === 0) return Array.from({ length: below(3) }, () => value(depth - 1))
    return Object.fromEntries(['a', 'b'].filter(() => below(2) === 0).map((name) => [name, value(depth - 1)]))
  }
  const step = (): string | number | null => ['a', 'b', null, 0, 1][below(5)] ?? 'a'
  const shelf = new Map<string, HeldCredential>()
  const index = createHeldIndex<HeldCredential>()
  let found = 0
  for (let run = 0; run < 600; run++) {
    const id = `c${below(12)}`
    if (below(4) === 0) {
      shelf.delete(id)
      index.remove(id)
    } else {
      const one = held(id, { a: value(3), b: value(3) }, { vct: ['person', 'student'][below(2)] ?? '' })
      shelf.set(id, one)
      index.put(one)
    }
    const path = ['a', ...Array.from({ length: below(4) }, step)]
    const query: CredentialQuery = {
      ...asking(path, below(2) === 0 ? ['person'] : ['person', 'student']),
      ...[
        {},
        { claims: [{ path, values: [1, 2] }, { path: ['b'] }] },
        {
          claims: [
            { id: 'x', path },
            { id: 'y', path: ['b', 'a'] },
          ],
          claim_sets: [['x', 'y'], ['y']],
        },
      ][below(3)],
    }
    const [{ matches } = { matches: [] }] = evaluateQuery({ credentials: [query] }, index).queries
    const one = [...shelf.values()]
      .filter((each) => matchCredential(query, each).matches)
      .map((each) => each.id)
    expect(matches.map(({ held: each }) => each.id).sort()).toEqual(one.sort())
    found += one.length
  }
  expect(found).toBeGreaterThan(300)
})
