/**
 * The two forms of an ECDSA signature: `r‖s` of fixed width, as JOSE has it (IEEE P1363; RFC 7518
 * §3.4), and the DER that OpenSSL speaks. OpenSSL would convert by itself, but asking it to costs a
 * third of a verification on Node 24.
 */

const SEQUENCE = 0x30
const INTEGER = 0x02
/** A length of more than 127 is written in two bytes, this one first: P-521 needs it. */
const LONG_LENGTH = 0x81

/** DER of a signature `r‖s`. Whether `r` and `s` are in range is for the verification. */
export function derOf(signature: Uint8Array): Uint8Array {
  const half = signature.length / 2
  const r = writeInteger(signature.subarray(0, half))
  const s = writeInteger(signature.subarray(half))
  const length = r.length + s.length
  return Uint8Array.of(SEQUENCE, ...(length > 0x7f ? [LONG_LENGTH, length] : [length]), ...r, ...s)
}

/** `r‖s` of a DER signature that OpenSSL made; `bytes` is the length of both together. */
export function p1363Of(der: Uint8Array, bytes: number): Uint8Array {
  const r = integerAt(der, der[1] === LONG_LENGTH ? 3 : 2)
  const s = integerAt(der, r.end)
  const signature = new Uint8Array(bytes)
  putRightAligned(signature.subarray(0, bytes / 2), r.digits)
  putRightAligned(signature.subarray(bytes / 2), s.digits)
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

/** An integer has at most 67 bytes here, so its length is one byte. */
function integerAt(der: Uint8Array, at: number): { readonly digits: Uint8Array; readonly end: number } {
  const end = at + 2 + (der[at + 1] ?? 0)
  return { digits: der.subarray(at + 2, end), end }
}

function putRightAligned(half: Uint8Array, integer: Uint8Array): void {
  const digits = integer.length > half.length ? integer.subarray(integer.length - half.length) : integer
  half.set(digits, half.length - digits.length)
}
