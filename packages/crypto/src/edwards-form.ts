/**
 * What the bytes of Ed25519 tell before any curve is asked (RFC 8032 §5.1.3, §5.1.7). Implementations differ in
 * whether they take these, so none of ours is asked.
 */

/**
 * Points of small order, without the sign of x, which is the last bit: for such a key there are signatures that
 * hold for any text, and no honest key or signature has one.
 */
const smallOrderPoints: readonly string[] = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]
const smallOrderBytes = smallOrderPoints.map((hex) =>
  Uint8Array.from({ length: 32 }, (_, at) => Number.parseInt(hex.slice(2 * at, 2 * at + 2), 16)),
)

/** Whether 32 bytes may be a key, or the first half of a signature: canonical, and of no small order. */
export function maybeEdwardsPoint(bytes: Uint8Array): boolean {
  return isBelowField(bytes) && !smallOrderBytes.some((point) => isSamePoint(point, bytes))
}

/** The field has 2^255 − 19 numbers: what is not below is `ed` to `ff`, then `ff`, and at last `7f`. */
function isBelowField(bytes: Uint8Array): boolean {
  if ((bytes[0] ?? 0) < 0xed || withoutSign(bytes[31]) !== 0x7f) return true
  for (let at = 1; at < 31; at++) if (bytes[at] !== 0xff) return true
  return false
}

function isSamePoint(point: Uint8Array, bytes: Uint8Array): boolean {
  for (let at = 0; at < 31; at++) if (point[at] !== bytes[at]) return false
  return point[31] === withoutSign(bytes[31])
}

function withoutSign(last = 0): number {
  return last & 0x7f
}
