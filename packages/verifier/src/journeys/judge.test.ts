/** Each check of the report fails by itself, under its own code, and then nothing is told. */
import { checkCodes } from '@facet-id/credential/sd-jwt-vc'
import { expect, test } from 'vitest'
import type { QueryCheck } from '../query-report.ts'
import {
  personal,
  personQuery,
  presented,
  reportIn,
  restingIn,
  type Stage,
  stage,
} from '../stage.test-support.ts'
import { issue } from '../wallet.test-support.ts'
import { credentialTricks } from './credential-tricks.test-support.ts'
import { keyBindingTricks } from './key-binding-tricks.test-support.ts'
import { from, MAX_AGE, SKEW } from './trick.test-support.ts'

const all = Object.entries({ ...credentialTricks, ...keyBindingTricks }).flatMap(([code, list]) =>
  list.map((trick) => ({ code, ...trick })),
)

test.each(all)('$requirement $title fails the check $code, and shows nothing', async (trick) => {
  const on = stage(trick.changes)
  const { response, result } = await presented(on, trick.present(on))
  const { verified, checks, ...told } = reportIn(result)
  expect(result).toMatchObject({ outcome: 'refused', answeredAt: on.time.now() })
  expect(verified).toBe(false)
  expect(told).toEqual({})
  expect(checks.map(({ code }) => code)).toEqual([...checkCodes, 'query'])
  expect(notPassed(checks)).toEqual([[trick.code, trick.outcome ?? 'fail', trick.reason]])

  expect(response.status).toBe(400)
  expect(response.headers).toMatchObject({ 'content-type': 'application/json', 'cache-control': 'no-store' })
  const { error, error_description } = JSON.parse(response.body)
  expect(error).toBe('invalid_request')
  // RFC 6749 §5.2.
  expect(error_description).toMatch(/^[\x20\x21\x23-\x5B\x5D-\x7E]{10,}$/)
  const everything = `${response.body} ${JSON.stringify(result)} ${await storedAnswer(on)}`
  expect(personal.filter((value) => everything.includes(value))).toEqual([])
})

/** Without the query, in which values stand that were asked for. */
async function storedAnswer(on: Stage): Promise<string> {
  return (await restingIn(on)).replaceAll(JSON.stringify(personQuery), '')
}

function notPassed(checks: readonly QueryCheck[]): unknown {
  return checks
    .filter(({ outcome }) => outcome === 'fail' || outcome === 'undetermined')
    .map(({ code, outcome, reason }) => [code, outcome, reason])
}

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
  expect(reportIn(result).checks.every(({ outcome }) => outcome === 'pass')).toBe(true)
})

test.each([
  ['is as old as may be', -(MAX_AGE + SKEW - 1)],
  ['is as far ahead as clocks may differ', SKEW],
])('SDJ-7.3-2 takes a key binding that %s', async (_, offset) => {
  const on = stage()
  const { result } = await presented(on, { issuedAt: on.time.now() + offset })
  expect(result).toMatchObject({ outcome: 'verified' })
})

test('takes a credential without a status, and says that nobody was asked', async () => {
  const on = stage({ ports: () => ({ statusOf: () => ({ refused: 'Nobody was to be asked.' }) }) })
  const { result } = await presented(on, { held: issue(from(on, { without: ['status'] })) })
  expect(result).toMatchObject({ outcome: 'verified' })
  expect(reportIn(result).checks).toContainEqual(
    expect.objectContaining({ code: 'status', outcome: 'skipped' }),
  )
})
