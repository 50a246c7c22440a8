import { expect, test } from 'vitest'
import { expected, faultsOf, issue, judge, now, present } from '../../test/judging.ts'
import { writeSdJwt } from '../sd-jwt/compact.ts'

const issued = issue()
const honest = present(issued)

test('SDJ-7.3-2 names everything that is wrong with a replay', () => {
  const replay = present(issued, { payload: { nonce: 'old', aud: 'other', iat: now - 86_400 } })
  const { report, asked } = judge(replay)
  expect(faultsOf(report)).toEqual([
    'nonce: nonce_mismatch',
    'audience: audience_mismatch',
    'key_binding_time: key_binding_too_old',
  ])
  expect(asked.map(({ ask }) => ask)).toEqual(['issuer_key', 'verdicts'])
})

test('SDJ-4.3.1-1 takes no key binding JWT of another choice of disclosures', () => {
  const keyBindingJwt = honest.slice(honest.lastIndexOf('~') + 1)
  const fewer = writeSdJwt(issued.jwt, issued.disclosures.slice(1), keyBindingJwt)
  const reordered = writeSdJwt(issued.jwt, issued.disclosures.toReversed(), keyBindingJwt)
  for (const text of [reordered, fewer]) {
    expect(faultsOf(judge(text).report)).toContain('presentation_hash: presentation_hash_mismatch')
  }
})

test.each<[number, boolean]>([
  [-361, false],
  [-360, false],
  [-359, true],
  [0, true],
  [60, true],
  [61, false],
])('SDJ-7.3-2 takes a key binding JWT of %i seconds from now: %s', (seconds, verified) => {
  expect(judge(present(issued, { payload: { iat: now + seconds } })).report.verified).toBe(verified)
})

test('expectations that are no numbers let nothing pass', () => {
  const broken = { ...expected, keyBinding: { ...expected.keyBinding, maxAgeSeconds: Number.NaN } }
  expect(judge(honest, broken).report.verified).toBe(false)
  expect(judge(honest, { ...expected, skewSeconds: Number.NaN }).report.verified).toBe(false)
  expect(judge(honest, { ...expected, now: Number.NaN }).report.verified).toBe(false)
})
