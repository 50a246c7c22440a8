/**
 * Our engine against `@sd-jwt/core`, which shares no code with it: what one issues the other presents
 * and verifies, both ways, on thousands of claims at random (one seed, so a failure can be seen again).
 * Where they differ, `differences.test.ts` says how and why.
 */
import { openStoredSdJwt } from '@facet-id/credential/sd-jwt'
import { hash } from '@facet-id/crypto/node'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { markedClaims } from './generated-claims.ts'
import { claimsOf, frameOf, payloadOf, shownOf, theirPathsOf } from './marked-claims.ts'
import { issueOurs, presentOurs } from './our-engine.ts'
import { secondEngine } from './second-engine.ts'

const claims = markedClaims({ odd: false })
/** Seconds where the machine is idle; a busy one may take its time. */
const patient = { timeout: 300_000 }
const runs = { seed: 20_261_126, numRuns: 1_000 }

/** Equal as JSON: claims that were made at random may lack a prototype. */
const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

test(
  'SDJ-7.1-11, SDJ-4.2.6-1 what ours issues and presents, the other verifies as the same claims: 1,000 trees',
  patient,
  async () => {
    await fc.assert(
      fc.asyncProperty(claims, async (marked) => {
        const compact = issueOurs(marked)
        const whole = await secondEngine.verify(compact)
        expect(json(whole.payload)).toEqual(json(claimsOf(marked)))
        const part = await secondEngine.verify(presentOurs(compact, marked))
        expect(json(part.payload)).toEqual(json(shownOf(marked)))
      }),
      runs,
    )
  },
)

test(
  'SDJ-7.1-11, SDJ-4.2.6-1 what the other issues and presents, ours opens as the same claims: 1,000 trees',
  patient,
  async () => {
    await fc.assert(
      fc.asyncProperty(claims, async (marked) => {
        const compact = await secondEngine.issue(payloadOf(marked), frameOf(marked) as never)
        expect(openStoredSdJwt(compact, hash).opened.claims).toEqual(claimsOf(marked))
        const byThem = await secondEngine.present(compact, theirPathsOf(marked) as never)
        expect(openStoredSdJwt(byThem, hash).opened.claims).toEqual(shownOf(marked))
        // The same disclosures, though not always in the same order.
        expect(presentOurs(compact, marked).split('~').toSorted()).toEqual(byThem.split('~').toSorted())
      }),
      runs,
    )
  },
)

test('SDJ-4.2.6-1 what ours issues, the other presents and ours opens: 500 trees', patient, async () => {
  await fc.assert(
    fc.asyncProperty(claims, async (marked) => {
      const byThem = await secondEngine.present(issueOurs(marked), theirPathsOf(marked) as never)
      expect(openStoredSdJwt(byThem, hash).opened.claims).toEqual(shownOf(marked))
    }),
    { ...runs, numRuns: 500 },
  )
})
