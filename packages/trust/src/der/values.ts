/** The plain values of DER: numbers, flags, names of things, texts and times (X.690 §8, §11; RFC 5280 §4.1.2.5). */
import { contextNumberOf, type DerValue, derTags, malformed, partsOf } from './der.ts'

/** @throws {TrustError} `der_malformed` */
export function readSequence(value: DerValue | undefined): readonly DerValue[] {
  return partsOf(expect(value, derTags.sequence, 'a sequence'))
}

/** X.690 §11.1: true is `FF`. @throws {TrustError} `der_malformed` */
export function readBoolean(value: DerValue | undefined): boolean {
  const { content } = expect(value, derTags.boolean, 'a boolean')
  const [byte] = content
  if (content.length !== 1 || (byte !== 0 && byte !== 0xff)) throw malformed('a boolean is neither 00 nor FF')
  return byte === 0xff
}

/** The bytes of an integer that is not negative, without the zero in front. @throws {TrustError} `der_malformed` */
export function readUnsigned(value: DerValue | undefined): Uint8Array {
  const { content } = expect(value, derTags.integer, 'an integer')
  const [first, second] = content
  if (first === undefined) throw malformed('an integer has no bytes')
  if (first >= 0x80) throw malformed('an integer is negative')
  // X.690 §8.3.2: no byte more than the sign needs.
  if (first === 0 && second !== undefined && second < 0x80) throw malformed('an integer has needless zeros')
  return first === 0 && second !== undefined ? content.subarray(1) : content
}

/** A number that counts something: at most 2³¹ - 1. @throws {TrustError} `der_malformed` */
export function readCount(value: DerValue | undefined): number {
  const bytes = readUnsigned(value)
  if (bytes.length > 4 || (bytes.length === 4 && (bytes[0] ?? 0) >= 0x80)) {
    throw malformed('a number is beyond what is counted')
  }
  return bytes.reduce((count, byte) => count * 256 + byte, 0)
}

/** @throws {TrustError} `der_malformed` */
export function readOctets(value: DerValue | undefined): Uint8Array {
  return expect(value, derTags.octetString, 'an octet string').content
}

/** A bit string of whole bytes: keys and signatures. @throws {TrustError} `der_malformed` */
export function readBitOctets(value: DerValue | undefined): Uint8Array {
  const { content } = expect(value, derTags.bitString, 'a bit string')
  if (content[0] !== 0) throw malformed('a bit string is not of whole bytes')
  return content.subarray(1)
}

/**
 * The numbers of the bits that are set, bit 0 first. A named list of bits ends with the last one that
 * is set (X.690 §11.2.2).
 *
 * @throws {TrustError} `der_malformed`
 */
export function readNamedBits(value: DerValue | undefined): ReadonlySet<number> {
  const { content } = expect(value, derTags.bitString, 'a bit string')
  const unused = content[0] ?? 8
  const bits = content.subarray(1)
  const last = bits.at(-1)
  const isCanonical = last === undefined ? unused === 0 : unused < 8 && lowestBitOf(last) === unused
  if (!isCanonical || bits.length > 4) throw malformed('a list of bits is not the shortest')
  return new Set(
    [...bits].flatMap((byte, at) =>
      Array.from({ length: 8 }, (_, bit) => bit)
        .filter((bit) => (byte & (0x80 >> bit)) !== 0)
        .map((bit) => at * 8 + bit),
    ),
  )
}

/** `2.5.29.15`. @throws {TrustError} `der_malformed` */
export function readObjectIdentifier(value: DerValue | undefined): string {
  const { content } = expect(value, derTags.objectIdentifier, 'an object identifier')
  return readArcs(content)
}

/** The arcs of an object identifier, whatever its tag. @throws {TrustError} `der_malformed` */
export function readArcs(content: Uint8Array): string {
  const last = content.at(-1)
  if (last === undefined || last >= 0x80 || content.length > 32) throw malformed('an object identifier')
  const arcs: number[] = []
  let arc = 0
  let fresh = true
  for (const byte of content) {
    if (fresh && byte === 0x80) throw malformed('an object identifier has needless zeros')
    arc = arc * 128 + (byte & 0x7f)
    if (arc > 0x7fff_ffff_ffff) throw malformed('an object identifier has an arc beyond what is read')
    fresh = byte < 0x80
    if (!fresh) continue
    arcs.push(arc)
    arc = 0
  }
  const [head = 0, ...rest] = arcs
  const root = Math.min(2, Math.floor(head / 40))
  return [root, head - root * 40, ...rest].join('.')
}

/**
 * A time, in seconds since the epoch. RFC 5280 §4.1.2.5: two-digit years up to 2049 and four digits
 * from 2050 on, with seconds, in UTC.
 *
 * @throws {TrustError} `der_malformed`
 */
export function readTime(value: DerValue | undefined): number {
  const isShort = value?.tag === derTags.utcTime
  if (!isShort && value?.tag !== derTags.generalizedTime) throw malformed('a time was expected')
  const text = readAscii(value)
  const [, digits = ''] = (isShort ? /^([0-9]{12})Z$/ : /^([0-9]{14})Z$/).exec(text) ?? []
  if (digits === '') throw malformed('a time is not in UTC with seconds')
  const century = Number(digits.slice(0, 2)) < 50 ? '20' : '19'
  const full = isShort ? `${century}${digits}` : digits
  if (!isShort && Number(full.slice(0, 4)) < 2050) throw malformed('a time before 2050 has four-digit years')
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = [
    full.slice(0, 4),
    ...(full.slice(4).match(/../g) ?? []),
  ].map(Number)
  const time = new Date(Date.UTC(year, month - 1, day, hour, minute, second))
  // A thirtieth of February would silently be a day in March.
  const said = time.toISOString().replaceAll(/[-:T]/g, '').slice(0, 14)
  if (said !== full) throw malformed('a time is none of the calendar')
  return time.getTime() / 1000
}

/** A text of bytes below 128. @throws {TrustError} `der_malformed` */
export function readAscii({ content }: DerValue): string {
  let text = ''
  for (const byte of content) {
    if (byte < 0x20 || byte > 0x7e) throw malformed('a text has characters that it must not have')
    text += String.fromCharCode(byte)
  }
  return text
}

/** The part with that context-specific number, if there is one. */
export function findContext(parts: readonly DerValue[], number: number): DerValue | undefined {
  return parts.find((part) => contextNumberOf(part) === number)
}

function expect(value: DerValue | undefined, tag: number, what: string): DerValue {
  if (value?.tag === tag) return value
  throw malformed(`${what} was expected`)
}

function lowestBitOf(byte: number): number {
  for (let bit = 0; bit < 8; bit++) if ((byte & (1 << bit)) !== 0) return bit
  return 8
}
