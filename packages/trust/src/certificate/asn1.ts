/**
 * ASN.1, by the library that reads and writes it, held to DER (ITU-T X.690 §10, §11): the one canonical
 * way to write down a value.
 *
 * What can be written in two ways can be hashed in two ways, and a name that one reader sees another may
 * not. The library reads BER. So what it read is written again, and must be the bytes that came: other
 * lengths, defaults written out, bytes behind the value and whatever it passes over are refused that way.
 * What it takes as it came, numbers and lists of bits, is looked at here.
 */
import { AsnConvert } from '@peculiar/asn1-schema'
import type { Time } from '@peculiar/asn1-x509'
import { TrustError } from '../error.ts'

/** Values in one structure, at which reading ends. A certificate has some hundred; an entry of a revocation list has nine. */
export const maxValues = { certificate: 512, revocationList: 524_288 } as const
/** No structure of ours is a third as deep. */
const MAX_DEPTH = 32

/**
 * Reads bytes that are one value of that type, in canonical DER, and nothing else.
 *
 * @throws {TrustError} `der_malformed`
 */
export function readAsn1<T>(
  bytes: Uint8Array,
  type: new () => T,
  maxNodes: number = maxValues.certificate,
): T {
  const read = attempt(() => AsnConvert.parse(bytes, type, { berOptions: { maxDepth: MAX_DEPTH, maxNodes } }))
  if (
    !sameBytes(
      attempt(() => writeAsn1(read)),
      bytes,
    )
  )
    throw malformed('it is written in another form')
  return read
}

/** The DER of what was read. */
export function writeAsn1(value: unknown): Uint8Array {
  return new Uint8Array(AsnConvert.serialize(value))
}

/** The bytes of an integer that is not negative, without the zero in front. @throws {TrustError} `der_malformed` */
export function readUnsigned(content: ArrayBuffer): Uint8Array {
  const bytes = new Uint8Array(content)
  const [first, second] = bytes
  if (first === undefined) throw malformed('an integer has no bytes')
  if (first >= 0x80) throw malformed('an integer is negative')
  // X.690 §8.3.2: no byte more than the sign needs.
  if (first === 0 && second !== undefined && second < 0x80) throw malformed('an integer has needless zeros')
  return first === 0 && second !== undefined ? bytes.subarray(1) : bytes
}

/**
 * A number that counts something: at most 2³¹ - 1.
 *
 * @param value of four bytes and more it comes as a text
 * @throws {TrustError} `der_malformed`
 */
export function readCount(value: number | string): number {
  const count = Number(value)
  if (Number.isInteger(count) && count >= 0 && count < 2 ** 31) return count
  throw malformed('a number is beyond what is counted')
}

/**
 * The numbers of the bits that are set, bit 0 first. A named list of bits ends with the last one that is
 * set (X.690 §11.2.2).
 *
 * @throws {TrustError} `der_malformed`
 */
export function readNamedBits(value: ArrayBuffer, unused: number): ReadonlySet<number> {
  const bytes = new Uint8Array(value)
  const bits = [...bytes].flatMap((byte) => [...byte.toString(2).padStart(8, '0')])
  const set = bits.flatMap((bit, at) => (bit === '1' ? [at] : []))
  const last = set.at(-1) ?? -1
  if (bytes.length > 4 || last + 1 !== bits.length - unused)
    throw malformed('a list of bits is not the shortest')
  return new Set(set)
}

/**
 * A time, in seconds since the epoch. RFC 5280 §4.1.2.5: two-digit years up to 2049 and four digits from
 * 2050 on, with seconds, in UTC.
 *
 * @throws {TrustError} `der_malformed`
 */
export function readTime(time: Time | undefined): number {
  const at = time?.utcTime ?? time?.generalTime
  if (at === undefined) throw malformed('a time was expected')
  const milliseconds = at.getTime()
  if (milliseconds % 1000 !== 0) throw malformed('a time has parts of seconds')
  if (time?.utcTime === undefined && milliseconds < year2050) {
    throw malformed('a time before 2050 has four-digit years')
  }
  return milliseconds / 1000
}

/** A text of printable bytes below 128. @throws {TrustError} `der_malformed` */
export function readAscii(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text
  throw malformed('a text has characters that it must not have')
}

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at])
}

export function malformed(what: string): TrustError {
  return new TrustError('der_malformed', `The bytes are no canonical DER of what was expected: ${what}`)
}

const year2050 = Date.UTC(2050, 0, 1)

/** What the library throws has no codes, and quotes what it read. */
function attempt<T>(of: () => T): T {
  try {
    return of()
  } catch {
    throw malformed('it cannot be read')
  }
}
