import { keyPair } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { expected, faultsOf, issue, judge, now, present, type World } from '../../test/judging.ts'
import type { Expectations } from './question.ts'
import type { CheckCode } from './report.ts'

const issued = issue()
const honest = present(issued)

test('a report tells an issuer that is not trusted from one that nobody could ask about', () => {
  const reasons = (['not_trusted', 'undetermined'] as const).map((decision) => {
    const { report } = judge(honest, expected, { trust: { decision, why: 'So it is.' } })
    return report.checks.flatMap((check) => (check.code === 'trust' ? [check] : []))
  })
  expect(reasons.flat()).toEqual([
    { code: 'trust', outcome: 'fail', reason: 'not_trusted', text: 'So it is.' },
    { code: 'trust', outcome: 'undetermined', reason: 'trust_undetermined', text: 'So it is.' },
  ])
})

test('a report says in words whose signature is not valid', () => {
  const textOf = (code: CheckCode, compact: string) =>
    judge(compact).report.checks.find((check) => check.code === code)?.text
  expect(textOf('issuer_signature', present(issue({ keys: keyPair() })))).toBe(
    'The credential was changed or forged: the signature of the issuer is not valid.',
  )
  expect(textOf('holder_signature', present(issued, { keys: keyPair() }))).toBe(
    'The presentation is not by its holder: the signature of the holder is not valid.',
  )
  expect(textOf('issuer_signature', honest)).toBe('The signature of the issuer is valid.')
})

test('SVC-2.4-3 asks for the status only when all else passed, and only if there is one', () => {
  const without = present(issue({ claims: { status: undefined }, frame: { _sd: ['given_name'] } }))
  expect(faultsOf(judge(without).report)).toEqual(['status: status_missing'])
  const lenient: Expectations = { ...expected, status: 'when_present' }
  const { report, asked } = judge(without, lenient)
  expect(report.verified).toBe(true)
  expect(asked.map(({ ask }) => ask)).toEqual(['issuer_key', 'verdicts', 'trust'])
  expect(judge(honest, lenient, { status: { status: 1 } }).report.verified).toBe(false)
  const unknown = present(issue({ claims: { status: { other_mechanism: {} } } }))
  expect(faultsOf(judge(unknown, lenient).report)).toEqual(['status: status_undetermined'])
  expect(faultsOf(judge(unknown).report)).toEqual(['status: status_missing'])
  const untrusted = judge(honest, expected, { trust: { decision: 'not_trusted', why: 'No.' } })
  expect(untrusted.asked.map(({ ask }) => ask)).not.toContain('status')
})

test('SDJ-9.7-4 a status that may have been withheld is reported, unless that is accepted', () => {
  const lenient: Expectations = { ...expected, status: 'when_present' }
  const { jwt, disclosures } = issue({
    claims: { status: undefined },
    frame: { _sd: ['given_name', 'address'] },
  })
  expect(judge(present({ jwt, disclosures }), lenient).report.verified).toBe(true)
  const withheld = present({ jwt, disclosures: disclosures.slice(1) })
  const { report } = judge(withheld, lenient)
  expect(faultsOf(report)).toEqual(['status: withheld_possible'])
  expect(report.verified).toBe(false)
  expect(report.checks.find(({ code }) => code === 'status')?.outcome).toBe('undetermined')
  expect(judge(withheld, { ...lenient, withheldLimits: 'accepted' }).report.verified).toBe(true)
  expect(faultsOf(judge(withheld, { ...expected, withheldLimits: 'accepted' }).report)).toEqual([
    'status: status_missing',
  ])
  // What is withheld deeper down is no registered claim.
  const deeper = issue({ claims: { status: undefined }, frame: { nationalities: { _sd: [0] } } })
  expect(judge(present({ ...deeper, disclosures: [] }), lenient).report.verified).toBe(true)
})

test.each<[NonNullable<World['status']>, string]>([
  [{ status: 1 }, 'revoked'],
  [{ status: 2 }, 'suspended'],
  [{ status: 3 }, 'status_unknown'],
  [{ status: 4 }, 'status_unknown'],
  [{ status: -1 }, 'status_unknown'],
  [{ status: Number.NaN }, 'status_unknown'],
  [{ undetermined: 'The list cannot be reached.' }, 'status_undetermined'],
  [{ status: 0, listExpiresAt: now - 60 }, 'status_list_expired'],
  [{ status: 1, listExpiresAt: now - 60 }, 'status_list_expired'],
  [{ status: 0, listExpiresAt: Number.NaN }, 'status_list_expired'],
  [{ refused: 'The list is for another address.' }, 'status_refused'],
])('SVC-2.4-3 takes the status %j for %s', (status, reason) => {
  expect(faultsOf(judge(honest, expected, { status }).report)).toEqual([`status: ${reason}`])
})

test('TSL-8.3-10 relies on a list until it ends, by the clock and the skew', () => {
  for (const status of [{ status: 0 }, { status: 0, listExpiresAt: now - 59 }]) {
    expect(judge(honest, expected, { status }).report.verified).toBe(true)
  }
  const { checks } = judge(honest, expected, { status: { status: 0, listExpiresAt: now - 60 } }).report
  expect(checks.find(({ code }) => code === 'status')?.outcome).toBe('undetermined')
})

test('SDJ-7.1-3 takes a key that cannot check a signature for no signature', () => {
  const { report } = judge(honest, expected, { verdicts: (checks) => checks.map(() => 'key_unusable') })
  expect(faultsOf(report)).toEqual(['issuer_signature: key_unusable', 'holder_signature: key_unusable'])
})
