import { keyPairFor } from '@facet-id/testkit'
import { expect, test } from 'vitest'
import { expandPoint } from './expand.ts'

test.each([
  ['ES256', 'P-256', 32],
  ['ES384', 'P-384', 48],
  ['ES512', 'P-521', 66],
] as const)('DKEY-4 a compressed point for %s is expanded to the point that it was', (alg, crv, width) => {
  for (let round = 0; round < 30; round++) {
    const { publicJwk } = keyPairFor(alg)
    if (publicJwk.kty !== 'EC') throw new Error('a NIST curve')
    const [x, y] = [Buffer.from(publicJwk.x, 'base64url'), Buffer.from(publicJwk.y, 'base64url')]
    const compressed = new Uint8Array(Buffer.concat([Buffer.of(2 + ((y.at(-1) ?? 0) & 1)), x]))
    expect(expandPoint(crv, compressed)).toEqual(new Uint8Array(Buffer.concat([Buffer.of(4), x, y])))
    // The other sign is the other point.
    const other = expandPoint(crv, compressed.with(0, 5 - (compressed[0] ?? 0)))
    expect(other?.subarray(1, 1 + width)).toEqual(new Uint8Array(x))
    expect(other?.subarray(1 + width)).not.toEqual(new Uint8Array(y))
  }
})

test('DKEY-4 what is no compressed point of the curve has none', () => {
  const whole = Uint8Array.of(4, ...new Uint8Array(64))
  const beyond = Uint8Array.of(2, ...new Uint8Array(32).fill(0xff))
  // About half of all numbers are no coordinate of a point.
  const small = Array.from({ length: 16 }, (_, x) =>
    expandPoint('P-256', Uint8Array.of(2, ...new Uint8Array(31), x)),
  )
  expect(small).toContain(undefined)
  for (const bytes of [
    whole,
    beyond,
    new Uint8Array(0),
    Uint8Array.of(0),
    Uint8Array.of(2),
    new Uint8Array(33),
    Uint8Array.of(2, ...new Uint8Array(48)),
  ]) {
    expect(expandPoint('P-256', bytes)).toBeUndefined()
  }
})
