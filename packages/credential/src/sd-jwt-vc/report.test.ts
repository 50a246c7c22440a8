import { expect, test } from 'vitest'
import { type Check, checkCodes, type VerifiedCredential, writeReport } from './report.ts'

const passed: readonly Check[] = checkCodes.map((code) => ({ code, outcome: 'pass', text: 'Good.' }))
const credential: VerifiedCredential = {
  issuer: 'did:example:issuer',
  issuerKnownBy: 'did',
  vct: 'urn:facet:person:1',
  claims: {},
  disclosed: [],
  undisclosed: 0,
}
const nothing = new Set<never>()

test('SVC-2.4-1 a report says verified when every check passed', () => {
  const report = writeReport(passed, nothing, credential)
  expect(report).toEqual({ verified: true, checks: passed, credential })
})

test.each(checkCodes)(
  'SVC-2.4-1 a report is not verified unless %s passed, however it came not to',
  (code) => {
    for (const outcome of ['fail', 'undetermined', 'skipped'] as const) {
      const findings = passed.map((check) => (check.code === code ? { ...check, outcome } : check))
      const { verified, ...rest } = writeReport(findings, nothing, credential)
      expect(verified).toBe(false)
      expect(rest).toEqual({ checks: findings })
    }
    const unlooked = writeReport(
      passed.filter((check) => check.code !== code).toReversed(),
      nothing,
      credential,
    )
    expect(unlooked.verified).toBe(false)
    expect(unlooked.credential).toBeUndefined()
    expect(unlooked.checks.map((check) => check.code)).toEqual(checkCodes)
  },
)

test.each(checkCodes)('a waived %s may be skipped, and may not fail', (code) => {
  const withOutcome = (outcome: Check['outcome']) =>
    writeReport(
      passed.map((check) => (check.code === code ? { ...check, outcome } : check)),
      new Set([code]),
      credential,
    ).verified
  expect(withOutcome('skipped')).toBe(true)
  expect(withOutcome('fail')).toBe(false)
  expect(withOutcome('undetermined')).toBe(false)
})
