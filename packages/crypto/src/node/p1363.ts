/**
 * The two forms of an ECDSA signature: `r‖s` of fixed width, as JOSE has it (IEEE P1363; RFC 7518
 * §3.4), and the DER that OpenSSL speaks. OpenSSL would convert by itself, but asking it to costs a
 * third of a verification on Node 24.
 */

/** Bytes of `r` and of `s` on P-256. */
const HALF = 32

/** Bytes of a P-256 signature `r‖s`. */
export const P1363_BYTES: number = 2 * HALF

const SEQUENCE = 0x30
const INTEGER = 0x02

/** DER of a signature `r‖s` of 64 bytes. Whether `r` and `s` are in range is for the verification. */
export function derOf(signature: Uint8Array): Uint8Array {
  const r = writeInteger(signature.subarray(0, HALF))
  const s = writeInteger(signature.subarray(HALF))
  return Uint8Array.of(SEQUENCE, r.length + s.length, ...r, ...s)
}

/** `r‖s` of a DER signature that OpenSSL made on P-256: each length is one byte. */
export function p1363Of(der: Uint8Array): Uint8Array {
  const r = integerAt(der, 2)
  const s = integerAt(der, 4 + r.length)
  const signature = new Uint8Array(P1363_BYTES)
  putRightAligned(signature.subarray(0, HALF), r)
  putRightAligned(signature.subarray(HALF), s)
  return signature
}

/** DER wants no leading zeros, but one where the number would otherwise look negative. */
function writeInteger(bytes: Uint8Array): readonly number[] {
  let start = 0
  while (start < bytes.length - 1 && bytes[start] === 0) start++
  const digits = bytes.subarray(start)
  const sign = (digits[0] ?? 0) >= 0x80 ? [0] : []
  return [INTEGER, sign.length + digits.length, ...sign, ...digits]
}

function integerAt(der: Uint8Array, at: number): Uint8Array {
  return der.subarray(at + 2, at + 2 + (der[at + 1] ?? 0))
}

function putRightAligned(half: Uint8Array, integer: Uint8Array): void {
  const digits = integer.length > HALF ? integer.subarray(integer.length - HALF) : integer
  half.set(digits, HALF - digits.length)
}
