/** Points of NIST curves as DIDs carry them (SEC 1 §2.3.4), where there is no `node:crypto`. */
import type { EcPublicJwk } from '@facet-id/credential/jose'
import { curves } from '../portable/curve.ts'

/**
 * The whole point of a compressed one; absent when there is none on the curve. Fits the port `ExpandPoint`.
 *
 * @param compressed `02` or `03`, then `x` of the width of the curve
 * @returns `04‖x‖y`
 */
export function expandPoint(crv: EcPublicJwk['crv'], compressed: Uint8Array): Uint8Array | undefined {
  if (compressed[0] !== 2 && compressed[0] !== 3) return undefined
  try {
    const point = curves[crv].Point.fromBytes(compressed)
    point.assertValidity()
    return point.toBytes(false)
  } catch {
    return undefined
  }
}
