import { vectors } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { checkVpToken, findVpTokenFault, type PresentedCredential } from './check-vp-token.ts'
import { type DcqlQuery, readDcqlQuery } from './query.ts'

interface Scenario {
  readonly query: DcqlQuery
  readonly presented: readonly PresentedCredential[]
}

for (const { requirement, comment, input, expect: expected } of vectors(
  new URL('../../../vectors/openid4vp/dcql-vp-token/', import.meta.url),
)) {
  test(`${requirement} ${comment}`, () => {
    const { query, presented } = JSON.parse(JSON.stringify(input)) as Scenario
    const {
      code = 'accepted',
      holds,
      why,
    } = checkVpToken(readDcqlQuery(JSON.parse(JSON.stringify(query))), presented)
    expect(code).toBe(expected)
    expect([holds, why === undefined]).toEqual([code === 'accepted', code === 'accepted'])
  })
}

const meta = { vct_values: ['urn:facet:person:1'] }
const asked = (id: string) => ({ id, format: 'dc+sd-jwt', meta, claims: [{ path: ['given_name'] }] })
const shown = (queryId: string, vct = 'urn:facet:person:1'): PresentedCredential => ({
  queryId,
  vct,
  claims: { given_name: 'Erika' },
  hasHolderKey: true,
})

test('VP-14.11-1 a response bigger than asked counts for no more than was asked', () => {
  const query: DcqlQuery = {
    credentials: ['a', 'b', 'c', 'd'].map(asked),
    credential_sets: [{ options: [['a'], ['b']] }, { options: [['c']], required: false }],
  }
  const { holds, answers } = checkVpToken(
    query,
    ['a', 'b', 'c', 'd'].map((id) => shown(id)),
  )
  expect(holds).toBe(true)
  expect(answers.map(({ isCounted }) => isCounted)).toEqual([true, false, true, false])
})

test('VP-8.6-2 what does not answer its query counts for nothing, and what does says where', () => {
  const query: DcqlQuery = { credentials: [{ ...asked('a'), multiple: true }] }
  const { answers } = checkVpToken(query, [shown('a', 'urn:other'), shown('a')])
  expect(answers.map(({ match, isCounted }) => [match.matches, isCounted])).toEqual([
    [false, false],
    [true, true],
  ])
  expect(answers[1]?.match).toEqual({ matches: true, paths: [['given_name']] })
})

test('VP-8.1-2 how many were sent is looked at before any of them', () => {
  const query: DcqlQuery = { credentials: [asked('a'), { ...asked('b'), multiple: true }] }
  expect(
    findVpTokenFault(query, [
      ['a', 1],
      ['b', 9],
    ]),
  ).toBeUndefined()
  expect(findVpTokenFault(query, [['a', 2]])).toBe('several')
  expect(findVpTokenFault(query, [['__proto__', 1]])).toBe('query_unknown')
})
