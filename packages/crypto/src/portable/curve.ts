/** The NIST curves of `@noble/curves`, and the points of JWKs on them. */

import { readBase64url } from '@facet-id/credential/base64url'
import type { EcPublicJwk } from '@facet-id/credential/jose'
import type { ECDSA } from '@noble/curves/abstract/weierstrass.js'
import { p256, p384, p521 } from '@noble/curves/nist.js'

export const curves: Readonly<Record<EcPublicJwk['crv'], ECDSA>> = {
  'P-256': p256,
  'P-384': p384,
  'P-521': p521,
}

/** How noble is to sign and verify: JOSE knows no low `s`, and refusing high ones would refuse half of all. */
export const JOSE_ECDSA = { lowS: false, prehash: true, format: 'compact' } as const

const UNCOMPRESSED = 0x04

/** `04‖x‖y` of a key, once it is known to be a point of its curve; throws what noble throws. */
export function pointOf({ crv, x, y }: Pick<EcPublicJwk, 'crv' | 'x' | 'y'>): Uint8Array {
  const [left, right] = [readBase64url(x), readBase64url(y)]
  const point = new Uint8Array(1 + left.length + right.length)
  point[0] = UNCOMPRESSED
  point.set(left, 1)
  point.set(right, 1 + left.length)
  curves[crv].Point.fromBytes(point).assertValidity()
  return point
}
