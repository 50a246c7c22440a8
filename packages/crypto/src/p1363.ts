/**
 * The two forms of an ECDSA signature: `r‖s` of fixed width, as JOSE has it (IEEE P1363; RFC 7518
 * §3.4), and the DER that OpenSSL speaks. OpenSSL would convert by itself, but asking it to costs a
 * third of a verification on Node 24.
 */

const SEQUENCE = 0x30
const INTEGER = 0x02
/** A length of more than 127 is written in two bytes, this one first: P-521 needs it. */
const LONG_LENGTH = 0x81

/**
 * DER of a signature `r‖s`. Whether `r` and `s` are in range is for the verification. Every
 * verification comes through here, so it writes into one array and makes no others.
 */
export function derOf(signature: Uint8Array): Uint8Array {
  const half = signature.length / 2
  const r = digitsFrom(signature, 0, half)
  const s = digitsFrom(signature, half, signature.length)
  const length = 4 + r.bytes + s.bytes
  const head = length > 0x7f ? 3 : 2
  const der = new Uint8Array(head + length)
  der[0] = SEQUENCE
  if (head === 3) der[1] = LONG_LENGTH
  der[head - 1] = length
  putInteger(der, head, r, signature)
  putInteger(der, head + 2 + r.bytes, s, signature)
  return der
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

/** Where a number stands in `r‖s`, and how many bytes DER gives it. */
interface Digits {
  readonly start: number
  readonly end: number
  readonly bytes: number
}

/** DER wants no leading zeros, but one where the number would otherwise look negative. */
function digitsFrom(signature: Uint8Array, from: number, end: number): Digits {
  let start = from
  while (start < end - 1 && signature[start] === 0) start++
  const sign = (signature[start] ?? 0) >= 0x80 ? 1 : 0
  return { start, end, bytes: end - start + sign }
}

function putInteger(der: Uint8Array, at: number, { start, end, bytes }: Digits, signature: Uint8Array): void {
  der[at] = INTEGER
  der[at + 1] = bytes
  let to = at + 2 + bytes - (end - start)
  for (let from = start; from < end; from++) der[to++] = signature[from] ?? 0
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
