/**
 * Our disclosure frames have the shape of those of `@sd-jwt/core`: the compiler says so, in both
 * directions as far as both are sound, and one frame conceals the same with both.
 */
import { conceal, type DisclosureFrame, type DisclosureFrameOf } from '@facet-id/credential/sd-jwt'
import { hash, random } from '@facet-id/crypto/node'
import { pack, type DisclosureFrame as TheirFrame } from '@sd-jwt/core'
import { expect, test } from 'vitest'
import { sha256 } from './second-engine.ts'

type Person = {
  given_name: string
  age: number
  middle_name?: string
  address: { country: string; street: { name: string; number: string } }
}
type WithLists = Person & { nationalities: string[]; evidence: { type: string; number: string }[] }

/** Theirs may be written to, ours may not; that is all this takes away. */
type Writable<T> = T extends object ? { -readonly [K in keyof T]: Writable<T[K]> } : T
type Fits<From, To> = [From] extends [To] ? true : false

/** Fails to compile unless each of them holds. */
const holds = {
  oursIsTheirs: true satisfies Fits<Writable<DisclosureFrameOf<WithLists>>, TheirFrame<WithLists>>,
  theirsIsOurs: true satisfies Fits<TheirFrame<Person>, DisclosureFrameOf<Person>>,
  oursIsUntyped: true satisfies Fits<DisclosureFrameOf<WithLists>, DisclosureFrame>,
  theirsIsUntyped: true satisfies Fits<TheirFrame<Person>, DisclosureFrame>,
  // Of arrays theirs also takes 'length', 'map' and all else that arrays have: those are no elements, and not ours.
  theirElements: true satisfies Fits<
    Extract<NonNullable<TheirFrame<WithLists>['nationalities']>['_sd'], undefined | readonly unknown[]>,
    readonly PropertyKey[] | undefined
  >,
  theirArraysAreWider: false satisfies Fits<TheirFrame<WithLists>, DisclosureFrameOf<WithLists>>,
  // Neither takes a name that the claims do not have.
  misspeltIsNotOurs: false satisfies Fits<{ _sd: ['given_nmae'] }, DisclosureFrameOf<Person>>,
  misspeltIsNotTheirs: false satisfies Fits<{ _sd: ['given_nmae'] }, TheirFrame<Person>>,
  misspeltInsideIsNotOurs: false satisfies Fits<{ address: { _sd: ['contry'] } }, DisclosureFrameOf<Person>>,
}

const claims: WithLists = {
  given_name: 'Specimen',
  age: 30,
  address: { country: 'UTO', street: { name: 'Musterweg', number: '1' } },
  nationalities: ['UTO', 'XXA'],
  evidence: [{ type: 'document', number: '1' }],
}
const frame = {
  _sd: ['given_name', 'address'],
  address: { _sd: ['street'], street: { _sd: ['number'] } },
  nationalities: { _sd: [1] },
  evidence: { _sd: [0], 0: { _sd: ['type'] } },
} satisfies TheirFrame<WithLists> & DisclosureFrameOf<WithLists> & DisclosureFrame

/** The places of digests, whatever the digests are. */
function shape(payload: unknown): unknown {
  return JSON.parse(JSON.stringify(payload).replace(/"[\w-]{43}"/g, '"digest"'))
}

test('SDJ-4.2.4.1-3 a frame has the shape of the other engine’s, and conceals the same with both', async () => {
  expect(Object.keys(holds)).toHaveLength(9)
  const { payload, disclosures } = conceal(claims, frame, { hash, random })
  const { packedClaims, disclosures: theirs } = await pack(
    claims,
    frame,
    { hasher: sha256, alg: 'sha-256' },
    () => 'salt',
  )
  const { _sd_alg, ...rest } = payload
  expect(shape(rest)).toEqual(shape(packedClaims))
  expect(disclosures).toHaveLength(theirs.length)
})
