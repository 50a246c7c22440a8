/** Claims as nobody would write them, with marks at random (fast-check). */
import fc from 'fast-check'
import type { Marked } from './marked-claims.ts'

/** Names that programs trip over. */
const names = ['a', 'b', '0', '1', ' ', 'iss', '~', '.', 'a.b', 'é', '\u{1F600}', 'toString', 'constructor']
const namesTheOtherLoses = ['', '"', '\\', '\u0000', '\n', '__proto__', 'hasOwnProperty']
/** SD-JWT keeps three of them for itself; the fourth has a meaning in frames. */
const reserved = ['_sd', '_sd_alg', '_sd_decoy', '...']

const scalar = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => (number === 0 ? 0 : number)),
  fc.boolean(),
  fc.constant(null),
)

/**
 * A payload.
 *
 * @param odd whether all names occur; without, those are left out that the second engine loses:
 *   `differences.test.ts` has one by one why
 */
export function markedClaims({ odd }: { readonly odd: boolean }): fc.Arbitrary<Marked> {
  const name = fc
    .oneof(
      fc.constantFrom(...names, ...(odd ? namesTheOtherLoses : [])),
      fc.string({ unit: 'grapheme', maxLength: 6 }),
    )
    .filter((text) => !reserved.includes(text) && (odd || isKeptByTheOther(text)))
  const { object } = fc.letrec<{ marked: Marked; object: Marked['holds']; array: Marked['holds'] }>(
    (tie) => ({
      marked: fc.record({
        conceal: fc.boolean(),
        show: fc.boolean(),
        holds: fc.oneof(
          { maxDepth: 4, depthSize: 'medium' },
          { weight: 3, arbitrary: scalar.map((value): Marked['holds'] => ({ scalar: value })) },
          { weight: 2, arbitrary: tie('object') },
          { weight: 2, arbitrary: tie('array') },
        ),
      }),
      object: fc
        .uniqueArray(fc.tuple(name, tie('marked')), { maxLength: 5, selector: ([text]) => text })
        .map((members) => ({ members })),
      array: fc.array(tie('marked'), { maxLength: 4 }).map((elements) => ({ elements })),
    }),
  )
  return object.map((holds) => ({ conceal: false, show: false, holds }))
}

/** Not empty, no dot, nothing of the prototype, and the same when written as JSON. */
function isKeptByTheOther(name: string): boolean {
  return name !== '' && !name.includes('.') && !(name in {}) && JSON.stringify(name) === `"${name}"`
}
