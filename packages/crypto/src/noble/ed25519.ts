/**
 * Ed25519 verification in plain JavaScript, by the strict rules of RFC 8032 §5.1.7.
 *
 * The equation is the one without cofactor, `R = sB − hA`, as OpenSSL and BoringSSL have it. `verify` of noble
 * has the other, which takes more: of a key with a part of small order it would call signatures valid that
 * every other implementation of ours calls invalid.
 */

import type { Verdict } from '@facet-id/credential/jose'
import { ed25519 } from '@noble/curves/ed25519.js'
import { bytesToNumberLE, concatBytes } from '@noble/curves/utils.js'
import { sha512 } from '@noble/hashes/sha2.js'

const { Point } = ed25519

/**
 * Bytes that are no point make every signature invalid, as they do where the platform imports them unseen.
 *
 * @param key 32 bytes that may be a point
 * @param signature 64 bytes
 */
export function verdictOfEd25519(key: Uint8Array, data: Uint8Array, signature: Uint8Array): Verdict {
  const s = bytesToNumberLE(signature.subarray(32))
  const point = findPoint(key)
  if (point === undefined || s >= Point.Fn.ORDER) return 'invalid'
  const r = signature.subarray(0, 32)
  const h = Point.Fn.create(bytesToNumberLE(sha512(concatBytes(r, key, data))))
  const expected = Point.BASE.multiplyUnsafe(s).subtract(point.multiplyUnsafe(h)).toBytes()
  return expected.every((byte, at) => byte === r[at]) ? 'valid' : 'invalid'
}

function findPoint(bytes: Uint8Array): InstanceType<typeof Point> | undefined {
  try {
    return Point.fromBytes(bytes)
  } catch {
    return undefined
  }
}
