/** What of a presentation is kept for who asked. */
import { type DcqlQuery, readDcqlQuery } from '@facet-id/protocol/openid4vp'
import { expect, test } from 'vitest'
import { personal, presented, reportIn, restingIn, stage } from '../stage.test-support.ts'
import { asked, issue, PERSON, specimenFrame } from '../wallet.test-support.ts'

function queryFor(...paths: (string | null)[][]): DcqlQuery {
  const claims = paths.map((path) => ({ path }))
  return readDcqlQuery({
    credentials: [
      {
        id: 'person',
        format: 'dc+sd-jwt',
        meta: { vct_values: [PERSON] },
        ...(claims.length > 0 ? { claims } : {}),
      },
    ],
  })
}

test('VP-14.11-1 keeps what was asked for, and nothing that a wallet shows besides', async () => {
  const on = stage()
  const paths = [...asked, ['nationalities', 1], ['family_name'], ['address', 'locality']]
  const { result } = await presented(on, { paths })
  expect(result).toMatchObject({ outcome: 'verified' })
  const { shown, checks } = reportIn(result)
  expect(shown).toEqual({ age_equal_or_over: { '18': true }, nationalities: ['UTO'] })
  expect(checks.at(-1)).toEqual({
    code: 'query',
    outcome: 'pass',
    text: 'What was asked for was shown. The wallet showed more, which was not kept.',
  })
  const resting = await restingIn(on)
  expect(personal.filter((value) => resting.includes(value))).toEqual(['"UTO"'])
})

test('keeps what was asked for where it stands in the clear, too', async () => {
  const on = stage()
  const frame = { _sd: ['family_name', 'address'], address: { _sd: ['locality'] } }
  const held = issue({ issuer: on.issuer, issuedAt: on.time.now(), frame })
  const query = queryFor(['address', 'country'], ['given_name'])
  const { result } = await presented(on, { held, query, paths: [['address']] })
  expect(reportIn(result)).toMatchObject({
    checks: expect.arrayContaining([
      { code: 'query', outcome: 'pass', text: 'What was shown is what was asked for.' },
    ]),
  })
  expect(reportIn(result).shown).toEqual({ given_name: 'Anna Maria', address: { country: 'UTO' } })
})

test('keeps the whole of a claim that was asked for whole, disclosed and in the clear', async () => {
  const on = stage()
  const query = queryFor(['address'])
  const { result } = await presented(on, { query, paths: [['address'], ['address', 'locality']] })
  expect(reportIn(result).shown).toEqual({ address: { locality: 'Zenith', country: 'UTO' } })
})

test('registered claims are not among what was shown, not even disclosed ones', async () => {
  const on = stage()
  const held = issue({
    issuer: on.issuer,
    issuedAt: on.time.now(),
    claims: { sub: 'urn:facet:test:subject' },
    frame: { ...specimenFrame, _sd: ['iat', 'sub'] },
  })
  const { result } = await presented(on, { held, paths: [...asked, ['iat'], ['sub']] })
  expect(reportIn(result).shown).toEqual({ age_equal_or_over: { '18': true }, nationalities: ['UTO'] })
  expect(JSON.stringify(result)).not.toContain('urn:facet:test:subject')
})

test('a registered claim that was asked for is shown', async () => {
  const on = stage()
  const held = issue({
    issuer: on.issuer,
    issuedAt: on.time.now(),
    claims: { sub: 'urn:facet:test:subject' },
    frame: { _sd: ['sub'] },
  })
  const { result } = await presented(on, { held, query: queryFor(['sub']), paths: [['sub']] })
  expect(reportIn(result).shown).toEqual({ sub: 'urn:facet:test:subject' })
})

test('VP-6.4.1-1 a query without claims is answered by a credential that shows none', async () => {
  const { result } = await presented(stage(), { query: queryFor(), paths: [] })
  expect(result).toMatchObject({ outcome: 'verified' })
  expect(reportIn(result).shown).toEqual({})
})
