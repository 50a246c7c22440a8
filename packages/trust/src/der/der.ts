/**
 * DER (ITU-T X.690 §10, §11): the one canonical way to write down an ASN.1 value.
 *
 * What can be written in two ways can be hashed in two ways, and a name that one reader sees another
 * may not. So nothing but the canonical form is read: definite lengths in the fewest bytes, nothing
 * behind the value, low tags only, and bounds on size.
 */
import { TrustError } from '../error.ts'

/** One value. `whole` is what was hashed or signed; both are views of the bytes that were read. */
export interface DerValue {
  /** The identifier byte: class, the bit for "constructed", and number. */
  readonly tag: number
  readonly content: Uint8Array
  readonly whole: Uint8Array
}

/** Identifier bytes. */
export const derTags = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  enumerated: 0x0a,
  utf8String: 0x0c,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const

const CONSTRUCTED = 0x20
/** No length of ours needs more than three bytes: 16 MB. */
const MAX_LENGTH_BYTES = 3

/**
 * Reads bytes that are one value, and nothing else.
 *
 * @throws {TrustError} `der_malformed`
 */
export function readDer(bytes: Uint8Array): DerValue {
  const value = valueAt(bytes, 0)
  if (value.whole.length !== bytes.length) throw malformed('there are bytes behind the value')
  return value
}

/**
 * The values inside a constructed one, in order.
 *
 * @throws {TrustError} `der_malformed`
 */
export function partsOf({ tag, content }: DerValue): readonly DerValue[] {
  if ((tag & CONSTRUCTED) === 0) throw malformed('a value that must hold others holds bytes')
  const parts: DerValue[] = []
  for (let at = 0; at < content.length; ) {
    const part = valueAt(content, at)
    parts.push(part)
    at += part.whole.length
  }
  return parts
}

/** The number of a context-specific tag, primitive or constructed; `undefined` for any other tag. */
export function contextNumberOf({ tag }: DerValue): number | undefined {
  return (tag & 0xc0) === 0x80 ? tag & 0x1f : undefined
}

export function malformed(what: string): TrustError {
  return new TrustError('der_malformed', `The bytes are no canonical DER: ${what}`)
}

function valueAt(bytes: Uint8Array, at: number): DerValue {
  const tag = bytes[at]
  const first = bytes[at + 1]
  if (tag === undefined || first === undefined) throw malformed('a value is cut short')
  if ((tag & 0x1f) === 0x1f || tag === 0) throw malformed('a tag is none of those that are read')
  const { length, size } = first < 0x80 ? { length: first, size: 1 } : longLengthAt(bytes, at + 1, first)
  const begin = at + 1 + size
  const end = begin + length
  if (end > bytes.length) throw malformed('a value is cut short')
  return { tag, content: bytes.subarray(begin, end), whole: bytes.subarray(at, end) }
}

function longLengthAt(
  bytes: Uint8Array,
  at: number,
  first: number,
): { readonly length: number; readonly size: number } {
  const count = first & 0x7f
  if (count === 0) throw malformed('a length is indefinite')
  if (count > MAX_LENGTH_BYTES) throw malformed('a length is beyond what is read')
  let length = 0
  for (let i = 1; i <= count; i++) length = length * 256 + (bytes[at + i] ?? 0)
  // X.690 §10.1: "encoded in the minimum number of octets".
  if (length < 0x80 || length < 256 ** (count - 1)) throw malformed('a length is longer than it must be')
  return { length, size: 1 + count }
}
