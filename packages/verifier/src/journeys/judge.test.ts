import { expect, test } from 'vitest'
import { presented, reportIn, stage } from '../stage.test-support.ts'
import { issue } from '../wallet.test-support.ts'
import { from, MAX_AGE, SKEW } from './trick.test-support.ts'

/** Conceals nothing at the top: all digests stand inside of what is in the clear. */
const shownFrame = { age_equal_or_over: { _sd: ['18', '21'] }, nationalities: { _sd: [0, 1] } }

test('VP-8.6-2 a presentation that is right passes every check', async () => {
  const on = stage()
  const { response, result } = await presented(on)
  expect(response.status).toBe(200)
  expect(result).toMatchObject({
    outcome: 'verified',
    reports: {
      person: {
        verified: true,
        issuer: on.issuer.did,
        vct: 'urn:facet:test:person',
        shown: { age_equal_or_over: { '18': true }, nationalities: ['UTO'] },
      },
    },
  })
  expect(
    reportIn(result).checks.every(
      ({ code, outcome }) => outcome === (code === 'type_metadata' ? 'skipped' : 'pass'),
    ),
  ).toBe(true)
})

test.each([
  ['is as old as may be', -(MAX_AGE + SKEW - 1)],
  ['is as far ahead as clocks may differ', SKEW],
])('SDJ-7.3-2 takes a key binding that %s', async (_, offset) => {
  const on = stage()
  const { result } = await presented(on, { issuedAt: on.time.now() + offset })
  expect(result).toMatchObject({ outcome: 'verified' })
})

test('takes a credential without a status, and says that nobody was asked, where none can have been withheld', async () => {
  const on = stage({ ports: () => ({ statusOf: () => ({ refused: 'Nobody was to be asked.' }) }) })
  const { result } = await presented(on, {
    held: issue(from(on, { without: ['status'], frame: shownFrame })),
  })
  expect(result).toMatchObject({ outcome: 'verified' })
  expect(reportIn(result).checks).toContainEqual(
    expect.objectContaining({ code: 'status', outcome: 'skipped' }),
  )
})

test('SDJ-9.7-2 takes a credential that never ends, where the operator needs no end', async () => {
  const on = stage({ settings: { requiredClaims: [] } })
  const held = issue(from(on, { without: ['exp'], frame: shownFrame }))
  expect((await presented(on, { held })).result).toMatchObject({ outcome: 'verified' })
})

test('SDJ-9.7-4 takes what may have been withheld, where the operator accepts that', async () => {
  const on = stage({ settings: { requiredClaims: [], withheldLimits: 'accepted' } })
  const held = issue(from(on, { without: ['exp', 'status'] }))
  expect((await presented(on, { held })).result).toMatchObject({ outcome: 'verified' })
})
