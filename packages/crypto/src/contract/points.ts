import { readBase64url } from '@facet-id/credential/base64url'
import type { ScenarioTest } from './scenario.ts'

/** Compressed points of DIDs, expanded: what a browser resolves is what a server resolves. */
export function pointsContract<S, A>(test: ScenarioTest<S, A>): void {
  test('DKEY-4 a compressed point is expanded to the point that it was, of either sign', async ({
    suite,
    expect,
  }) => {
    for (const alg of ['ES256', 'ES384', 'ES512'] as const) {
      for (const _ of Array.from({ length: 4 })) {
        const { publicJwk } = await suite.generateKey(alg)
        if (publicJwk.kty !== 'EC') throw new Error('a NIST curve')
        const [x, y] = [readBase64url(publicJwk.x), readBase64url(publicJwk.y)]
        const sign = 2 + ((y.at(-1) ?? 0) & 1)
        expect(suite.expandPoint(publicJwk.crv, Uint8Array.of(sign, ...x))).toEqual(
          Uint8Array.of(4, ...x, ...y),
        )
        const other = suite.expandPoint(publicJwk.crv, Uint8Array.of(5 - sign, ...x))
        expect(other?.slice(1, 1 + x.length)).toEqual(x)
        expect(other?.length).toBe(1 + 2 * x.length)
        expect(other?.slice(1 + x.length).join() === y.join()).toBe(false)
      }
    }
  })

  test('DKEY-4 what is no compressed point of the curve has none', async ({ suite, expect }) => {
    // About half of all numbers are no coordinate of a point: of these the same ones everywhere.
    const small = Array.from({ length: 16 }, (_, x) =>
      suite.expandPoint('P-256', Uint8Array.of(2, ...new Uint8Array(31), x)) === undefined ? '-' : 'x',
    )
    expect(small.join('')).toBe(onCurve)
    for (const bytes of [
      Uint8Array.of(4, ...new Uint8Array(64)),
      Uint8Array.of(2, ...new Uint8Array(32).fill(0xff)),
      new Uint8Array(0),
      Uint8Array.of(0),
      Uint8Array.of(2),
      new Uint8Array(33),
      Uint8Array.of(2, ...new Uint8Array(48)),
      Uint8Array.of(2, ...new Uint8Array(33)),
    ]) {
      expect(suite.expandPoint('P-256', bytes)).toBe(undefined)
    }
  })
}

/** Which of x = 0 … 15 are on P-256. */
const onCurve = 'x----xx-xx--xx--'
