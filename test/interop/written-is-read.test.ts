/** Whatever our writer signs our own judgement takes, on claims at random that no type of ours would let through. */
import { utf8 } from '@facet-id/credential/base64url'
import { writeDidJwk } from '@facet-id/credential/did'
import { writeJws } from '@facet-id/credential/jose'
import type { JsonObject } from '@facet-id/credential/json'
import { writeSdJwt } from '@facet-id/credential/sd-jwt'
import { writeCredentialToSign } from '@facet-id/credential/sd-jwt-vc'
import { hash, random, signerOf } from '@facet-id/crypto/node'
import { outcomeOf } from '@facet-id/testkit'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { judged } from './judged.ts'
import { issuerKeys } from './second-engine.ts'

const now = 1_800_000_000
const odd = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom('\ud800', '\udc00x', '', '"\\', '\u0000'),
  fc.double(),
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, undefined, null, true, 0),
)
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    odd,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(
      fc.oneof(fc.string({ unit: 'binary', maxLength: 3 }), fc.constantFrom('__proto__', '_sd')),
      tie('value'),
      {
        maxKeys: 3,
      },
    ),
  ),
}))
const time = fc.option(fc.oneof(fc.integer({ min: now - 5, max: now + 5 }), fc.double()), { nil: undefined })
const told = fc.record({ iat: time, nbf: time, exp: time, a: value, b: value })

/** However large it is. */
function before(time: number): number {
  return time - Math.max(1, Math.abs(time) / 2)
}

test('SDJ-4.1-5 what is written for signing is read again, and says the same: 2,000 sets of claims', {
  timeout: 300_000,
}, () => {
  const { privateJwk, publicJwk } = issuerKeys
  const did = writeDidJwk(publicJwk)
  const seen = { signed: 0, refused: 0 }
  fc.assert(
    fc.property(told, fc.subarray(['a', 'b']), ({ iat, nbf, exp, a, b }, concealed) => {
      const times = Object.entries({ iat, nbf, exp }).filter(([, at]) => at !== undefined)
      const claims = {
        iss: did,
        vct: 'urn:facet:test:any',
        ...Object.fromEntries(times),
        a,
        b,
      } as JsonObject
      let written: ReturnType<typeof writeCredentialToSign> | undefined
      const outcome = outcomeOf(() => {
        written = writeCredentialToSign(
          { claims, frame: { _sd: concealed }, issuerKey: { by: 'did', kid: `${did}#0` }, alg: 'ES256' },
          { hash, random },
        )
      })
      if (written === undefined) {
        expect([
          'json_malformed',
          'claim_malformed',
          'claim_name_forbidden',
          'frame_names_nothing',
        ]).toContain(outcome)
        seen.refused++
        return
      }
      seen.signed++
      const signature = signerOf(privateJwk).sign(utf8(written.signingInput))
      const compact = writeSdJwt(writeJws(written.signingInput, signature as Uint8Array), written.disclosures)
      // A moment in which it is valid: there is one.
      const start = Math.max(iat ?? Number.NEGATIVE_INFINITY, nbf ?? Number.NEGATIVE_INFINITY)
      const moment = Number.isFinite(start) ? start : before(exp ?? now)
      const report = judged(compact, publicJwk, { now: moment, keyBinding: { binding: 'forbidden' } })
      expect(report.checks.flatMap(({ reason }) => reason ?? [])).toEqual([])
      expect(report.credential?.claims).toEqual(JSON.parse(JSON.stringify(claims)))
    }),
    { seed: 20_261_126, numRuns: 2000 },
  )
  expect(Math.min(seen.signed, seen.refused)).toBeGreaterThan(100)
})
