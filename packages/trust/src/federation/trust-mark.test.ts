import type { JsonObject } from '@facet-id/credential/json'
import { checkSignatures, outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { readKeys } from './entity-statement.ts'
import { entity, now } from './federation.test-support.ts'
import { checksOfTrustMark, judgeTrustMark, readTrustMark, type TrustMarkRules } from './trust-mark.ts'

const [bar, certifier, owner, stranger] = [
  entity('https://bar.example'),
  entity('https://certifier.example'),
  entity('https://owner.example'),
  entity('https://stranger.example'),
]
const type = 'https://mark.example/age-checks'
const typ = 'trust-mark+jwt'
const claims = { sub: bar.id, trust_mark_type: type }
const rules: TrustMarkRules = {
  subject: bar.id,
  anchorClaims: { trust_mark_issuers: { [type]: [certifier.id] } },
  issuerKeys: readKeys(certifier.jwks, 'jwks'),
  now,
  skewSeconds: 30,
}
const owned: JsonObject = {
  ...rules.anchorClaims,
  trust_mark_owners: { [type]: { sub: owner.id, jwks: owner.jwks } },
}
const delegation = (of: JsonObject = {}, by = owner): string =>
  by.sign('trust-mark-delegation+jwt', { sub: certifier.id, trust_mark_type: type, ...of })

function judge(text: string, given: Partial<TrustMarkRules> = {}): string {
  const mark = readTrustMark(text)
  const checks = checksOfTrustMark(mark, { ...rules, ...given })
  const verdicts = checks === undefined ? undefined : checkSignatures(checks)
  const outcome = judgeTrustMark(mark, verdicts, { ...rules, ...given })
  return outcome.outcome === 'proven' ? `proven ${outcome.type}` : outcome.why
}

test('FED-7.3-1 a mark of an issuer that was proven and that the anchor names', () => {
  const mark = certifier.sign(typ, claims)
  expect(judge(mark)).toBe(`proven ${type}`)
  expect(judge(mark, { anchorClaims: { trust_mark_issuers: { [type]: [] } } })).toBe(`proven ${type}`)
  const unnamed = 'The anchor does not name the issuer of the mark for its type.'
  expect(judge(mark, { anchorClaims: {} })).toBe(unnamed)
  expect(judge(mark, { anchorClaims: { trust_mark_issuers: { [type]: [stranger.id] } } })).toBe(unnamed)
  expect(judge(certifier.sign(typ, { ...claims, trust_mark_type: `${type}/2` }))).toBe(unnamed)
  const { issuerKeys: _, ...unproven } = rules
  const read = readTrustMark(mark)
  expect(checksOfTrustMark(read, unproven)).toBeUndefined()
  expect(judgeTrustMark(read, undefined, unproven).outcome).toBe('refused')
})

test('FED-7.3-2 it is about who carries it, valid now, and signed by its issuer', () => {
  expect(judge(certifier.sign(typ, { ...claims, sub: stranger.id }))).toContain('another entity')
  expect(judge(certifier.sign(typ, { ...claims, exp: now }))).toContain('not valid now')
  expect(judge(certifier.sign(typ, { ...claims, iat: now + 31 }))).toContain('not valid now')
  expect(judge(certifier.sign(typ, { ...claims, exp: now + 1 }))).toBe(`proven ${type}`)
  expect(judge(stranger.sign(typ, { ...claims, iss: certifier.id }))).toContain('does not hold')
  for (const broken of [
    certifier.sign('JWT', claims),
    certifier.sign(typ, { sub: bar.id }),
    certifier.sign(typ, { ...claims, delegation: 1 }),
    certifier.sign(typ, { ...claims, delegation: certifier.sign(typ, claims) }),
    certifier.sign(typ, { ...claims, exp: 'later' }),
    'a.b.c',
  ])
    expect(outcomeOf(() => readTrustMark(broken))).toBe('statement_malformed')
})

test('FED-7.3-2 a type that has an owner needs a delegation of the owner', () => {
  const mark = (text: string): string => certifier.sign(typ, { ...claims, delegation: text })
  const given = { anchorClaims: owned }
  expect(judge(mark(delegation()), given)).toBe(`proven ${type}`)
  expect(judge(certifier.sign(typ, claims), given)).toContain('has not delegated')
  expect(judge(mark(delegation({ sub: stranger.id })), given)).toContain('has not delegated')
  expect(judge(mark(delegation({ trust_mark_type: `${type}/2` })), given)).toContain('has not delegated')
  expect(judge(mark(delegation({}, stranger)), given)).toContain('has not delegated')
  expect(judge(mark(delegation({ iss: owner.id }, stranger)), given)).toContain('does not hold')
  expect(judge(mark(delegation({ exp: now })), given)).toContain('not valid now')
})
