import { expect, test } from 'vitest'
import { atIssuance, claims, expected, faultsOf, issue, judge, now, present } from '../../test/judging.ts'
import { writeSdJwt } from '../sd-jwt/compact.ts'

const honest = present(issue())

test.each<[object, string | undefined]>([
  [{ exp: now - 60 }, 'expired'],
  [{ exp: now - 59 }, undefined],
  [{ nbf: now + 61 }, 'not_yet_valid'],
  [{ nbf: now + 60 }, undefined],
  [{ iat: now + 61 }, 'issued_in_future'],
  [{ iat: now + 60 }, undefined],
  [{ nbf: undefined, iat: undefined }, undefined],
])('SDJ-7.1-15 judges the times %j by the clock and the skew: %s', (times, reason) => {
  const faults = faultsOf(judge(present(issue({ claims: times }))).report)
  expect(faults).toEqual(reason === undefined ? [] : [`validity: ${reason}`])
})

test('SDJ-7.1-15, SDJ-9.7-2 requires the claims that it is told to require', () => {
  const endless = present(issue({ claims: { exp: undefined }, frame: { _sd: ['given_name'] } }))
  expect(judge(endless).report.verified).toBe(true)
  const strict = { ...expected, requiredClaims: ['exp'] }
  expect(faultsOf(judge(endless, strict).report)).toEqual(['claims: claim_missing'])
  expect(judge(honest, strict).report.verified).toBe(true)
  const inherited = { ...expected, requiredClaims: ['constructor'] }
  expect(faultsOf(judge(honest, inherited).report)).toEqual(['claims: claim_missing'])
})

test('SDJ-9.7-4 an end that may have been withheld is reported, unless that is accepted', () => {
  const { jwt, disclosures } = issue({
    claims: { exp: undefined },
    frame: { _sd: ['given_name', 'address'], address: { _sd: ['locality'] } },
  })
  expect(judge(present({ jwt, disclosures })).report.verified).toBe(true)
  const withheld = present({ jwt, disclosures: disclosures.slice(0, 1) })
  const { report } = judge(withheld)
  expect(faultsOf(report)).toEqual(['claims: withheld_possible'])
  expect(report.verified).toBe(false)
  expect(report.checks.find(({ code }) => code === 'claims')?.outcome).toBe('undetermined')
  expect(judge(withheld, { ...expected, withheldLimits: 'accepted' }).report.verified).toBe(true)
  expect(faultsOf(judge(withheld, { ...expected, requiredClaims: ['exp'] }).report)).toEqual([
    'claims: claim_missing',
  ])
})

test('SVC-2.2.2.3-2 takes sub and iat from disclosures, and without iat', () => {
  const { jwt, disclosures } = issue({ claims: { sub: 'subject' }, frame: { _sd: ['sub', 'iat'] } })
  expect(judge(present({ jwt, disclosures })).report.credential).toMatchObject({
    issuedAt: claims.iat,
    claims: { sub: 'subject' },
  })
  const { report } = judge(present({ jwt, disclosures: [] }))
  expect(report.verified).toBe(true)
  expect(report.credential?.issuedAt).toBeUndefined()
})

test('SVC-2.2.2.3-3 takes a credential that is bound to no key where no key binding is asked for', () => {
  const { jwt, disclosures } = issue({ claims: { cnf: undefined } })
  expect(judge(writeSdJwt(jwt, disclosures), atIssuance).report.verified).toBe(true)
  expect(faultsOf(judge(present({ jwt, disclosures })).report)).toEqual([
    'holder_signature: holder_key_missing',
  ])
})
