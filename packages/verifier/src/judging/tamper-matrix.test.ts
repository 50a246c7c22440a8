/**
 * Whatever one check comes to, the whole says no: every check by its code, in every way not to pass,
 * through the report on the query to what is kept.
 */
import {
  type Check,
  type CheckCode,
  checkCodes,
  type Report,
  type VerifiedCredential,
} from '@facet-id/credential/sd-jwt-vc'
import { type CredentialQuery, readDcqlQuery } from '@facet-id/protocol/openid4vp'
import { keyPair } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { reasonOf, settle } from '../result/presentation.ts'
import { type QueryReport, queryReport } from './query-report.ts'
import type { VerdictName } from './verdicts.ts'

const { credentials } = readDcqlQuery({
  credentials: [{ id: 'a', format: 'dc+sd-jwt', meta: { vct_values: ['urn:facet:test:person'] } }],
})
const credential: VerifiedCredential = {
  issuer: 'did:example:issuer',
  issuerKnownBy: 'did',
  vct: 'urn:facet:test:person',
  claims: { family_name: 'Specimen' },
  disclosed: [['family_name']],
  undisclosed: 0,
  holderKey: keyPair().publicJwk,
}
const passed: readonly Check[] = checkCodes.map((code) => ({ code, outcome: 'pass', text: 'Good.' }))
const honest: Report = { verified: true, checks: passed, credential }

function queryOf([query]: readonly CredentialQuery[]): CredentialQuery {
  if (query === undefined) throw new Error('there is one query')
  return query
}

const told = (report: Report): QueryReport => queryReport(report, queryOf(credentials))

/** Which of the three answers a check belongs to; of policy `query` was not reached, which is no pass either. */
function verdictNameOf(code: CheckCode): VerdictName {
  if (code === 'trust') return 'trust'
  return ['type', 'validity', 'type_metadata', 'status'].includes(code) ? 'policy' : 'proof'
}

test('VRF-3, ATK-35 all checks passed: verified, in proof, trust and policy', () => {
  expect(told(honest).verdicts).toEqual({ proof: 'pass', trust: 'pass', policy: 'pass' })
  expect(told(honest)).toMatchObject({ verified: true, issuer: credential.issuer })
  expect(settle([['a', told(honest)]], 1)).toMatchObject({ outcome: 'verified' })
})

test.each(
  checkCodes.flatMap((code) =>
    (['fail', 'undetermined', 'skipped'] as const).map((outcome) => [code, outcome] as const),
  ),
)(
  'ATK-35 %s is "%s": the result is refused and keeps nothing, also when a credential comes with it',
  (code, outcome) => {
    const checks = passed.map((check) => (check.code === code ? { ...check, outcome } : check))
    for (const report of [
      { verified: false, checks },
      { verified: false, checks, credential },
    ]) {
      const bad = told(report)
      expect(bad).toEqual({
        verified: false,
        verdicts: expect.objectContaining({ [verdictNameOf(code)]: outcome }),
        checks: [...checks, expect.objectContaining({ code: 'query' })],
      })
      // Alone, and beside one that is right.
      for (const reports of [
        [['a', bad]],
        [
          ['a', bad],
          ['b', told(honest)],
        ],
        [
          ['b', told(honest)],
          ['a', bad],
        ],
      ] as const) {
        const settled = settle(reports, 1)
        expect(settled.outcome).toBe('refused')
        expect(JSON.stringify(settled)).not.toContain('Specimen')
        if (outcome !== 'skipped') expect(reasonOf(settled)).toBe('Good.')
      }
    }
  },
)

test('ATK-35 a report that says verified and has no credential verifies nothing', () => {
  expect(told({ verified: true, checks: passed }).verified).toBe(false)
  expect(settle([], 1).outcome).toBe('refused')
})
