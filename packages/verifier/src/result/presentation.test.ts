import { expect, test } from 'vitest'
import type { QueryReport } from '../judging/query-report.ts'
import { reasonOf, settle } from './presentation.ts'

const good: QueryReport = {
  verified: true,
  verdicts: { proof: 'pass', trust: 'pass', policy: 'pass' },
  checks: [{ code: 'query', outcome: 'pass', text: 'Fine.' }],
  issuer: 'did:jwk:e30',
  vct: 'urn:facet:test:person',
  shown: { given_name: 'Anna Maria' },
}

const bad: QueryReport = {
  verified: false,
  verdicts: { proof: 'pass', trust: 'skipped', policy: 'fail' },
  checks: [
    { code: 'format', outcome: 'pass', text: 'Fine.' },
    { code: 'status', outcome: 'undetermined', text: 'Nobody knows.' },
    { code: 'query', outcome: 'fail', text: 'Not this.' },
  ],
}

test('VP-8.6-3 an answer is verified when every presentation is', () => {
  const settled = settle([['a', good]], 1)
  expect(settled).toEqual({ outcome: 'verified', answeredAt: 1, reports: { a: good } })
  expect(reasonOf(settled)).toBeUndefined()
})

test('VP-8.6-3, VP-14.2-1 one that is not refuses the answer, and nothing that the others showed is told', () => {
  const settled = settle(
    [
      ['a', good],
      ['b', bad],
    ],
    1,
  )
  const { verified, verdicts, checks } = good
  expect(settled).toEqual({
    outcome: 'refused',
    answeredAt: 1,
    reports: { a: { verified, verdicts, checks }, b: bad },
  })
})

test('VP-8.6-3 an answer without a presentation verifies nothing', () => {
  expect(settle([], 1)).toMatchObject({ outcome: 'refused' })
})

test('a query may bear a name of the prototype, and its report counts', () => {
  const settled = settle([['__proto__', bad]], 1)
  expect(settled.outcome).toBe('refused')
  expect(JSON.parse(JSON.stringify(settled))).toEqual(
    JSON.parse(JSON.stringify({ outcome: 'refused', answeredAt: 1, reports: { ['__proto__']: bad } })),
  )
  expect(reasonOf(settled)).toBe('Nobody knows.')
})

test('the reason of a refusal is that of the first check that did not pass', () => {
  expect(reasonOf(settle([['b', bad]], 1))).toBe('Nobody knows.')
})
