/** Whatever one check comes to, nothing is accepted: every check by its code, in every way not to pass. */
import { type Check, checkCodes, type Report, type VerifiedCredential } from '@facet-id/credential/sd-jwt-vc'
import { keyPair, outcomeOf } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { acceptCopies } from './received.ts'

const keys = [keyPair(), keyPair()].map(({ publicJwk }, place) => ({
  keyId: String(place),
  publicJwk,
}))
const vct = 'urn:facet:test:person'
const passed: readonly Check[] = checkCodes.map((code) => ({ code, outcome: 'pass', text: 'Good.' }))

const credentialFor = (place: number): VerifiedCredential => ({
  issuer: 'did:example:issuer',
  issuerKnownBy: 'did',
  vct,
  claims: { family_name: 'Specimen' },
  disclosed: [],
  undisclosed: 0,
  ...(keys[place] === undefined ? {} : { holderKey: keys[place].publicJwk }),
})

const honest = (place: number): Report => ({
  verified: true,
  checks: passed,
  credential: credentialFor(place),
})
const accept = (...reports: readonly Report[]) =>
  acceptCopies(
    reports.map((report) => ({ compact: 'compact', report })),
    { credentialId: 'id', keys, vct, isIssuer: () => true },
  )

test('ATK-35 all checks of all copies passed: accepted', () => {
  expect(accept(honest(0), honest(1)).copies).toHaveLength(2)
})

test.each(
  checkCodes.flatMap((code) =>
    (['fail', 'undetermined', 'skipped'] as const).map((outcome) => [code, outcome] as const),
  ),
)(
  'ATK-35 %s of one copy is "%s": none is accepted, also when a credential comes with it',
  (code, outcome) => {
    const checks = passed.map((check) => (check.code === code ? { ...check, outcome } : check))
    const expected =
      outcome === 'undetermined'
        ? 'credential_undetermined'
        : code === 'trust'
          ? 'issuer_not_trusted'
          : 'credential_refused'
    for (const bad of [
      { verified: false, checks },
      { verified: false, checks, credential: credentialFor(1) },
    ]) {
      expect(outcomeOf(() => accept(honest(0), bad))).toBe(expected)
      expect(outcomeOf(() => accept(bad, honest(0)))).toBe(expected)
    }
  },
)
