/** Distinguished names (RFC 5280 §4.1.2.4): who a certificate is about, and who made it. */
import type {
  AttributeTypeAndValue,
  AttributeValue,
  Name,
  RelativeDistinguishedName,
} from '@peculiar/asn1-x509'
import { malformed, readAscii, sameBytes, writeAsn1 } from './asn1.ts'

/** A name as it was written, and as it is compared and shown. */
export interface DistinguishedName {
  /** The DER; two names of a path are the same when these bytes are. */
  readonly der: Uint8Array
  /** Most general part first; each is compared without regard to case, blanks and kind of text. */
  readonly parts: readonly string[]
  /** For people: `C=UTO, O=Ministry of the Interior`. What stands there was written by whoever made the certificate. */
  readonly text: string
}

const maxParts = 16
const maxCharacters = 256

/** How the attributes that are met are called (RFC 4514 §3, RFC 5280 appendix A). */
const shortNames: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.97': 'organizationIdentifier',
}

/** @throws {TrustError} `der_malformed` */
export function readName(name: Name): DistinguishedName {
  if (name.length > maxParts) throw malformed('a name has more parts than are read')
  const read = name.map(readRelativeName)
  return {
    der: writeAsn1(name),
    parts: read.map(({ compared }) => compared),
    text: read.map(({ shown }) => shown).join(', '),
  }
}

/** Whether both are the same name, byte for byte. */
export function sameName(a: DistinguishedName, b: DistinguishedName): boolean {
  return sameBytes(a.der, b.der)
}

/** Whether a name lies at or below another: what a constraint on names asks (RFC 5280 §7.1). */
export function isWithinName(name: DistinguishedName, base: DistinguishedName): boolean {
  return base.parts.every((part, at) => part === name.parts[at])
}

function readRelativeName(part: RelativeDistinguishedName): {
  readonly compared: string
  readonly shown: string
} {
  const attributes = part.map(readAttribute)
  if (attributes.length === 0) throw malformed('a part of a name is empty')
  return {
    compared: JSON.stringify(attributes.map(({ type, text }) => [type, folded(text)])),
    shown: attributes.map(({ type, text }) => `${shortNames[type] ?? type}=${escaped(text)}`).join('+'),
  }
}

function readAttribute({ type, value }: AttributeTypeAndValue): {
  readonly type: string
  readonly text: string
} {
  return { type, text: readText(value) }
}

/** Kinds of text whose characters are known for certain; T.61 and its like are not. */
function readText({ utf8String, printableString, ia5String }: AttributeValue): string {
  const text = utf8String ?? readPlain(printableString ?? ia5String)
  if (text.length > maxCharacters) throw malformed('a text in a name is longer than is read')
  // What a terminal or a page would obey has no place in a name.
  if (/\p{C}/u.test(text)) throw malformed('a text in a name has control characters')
  return text
}

function readPlain(text: string | undefined): string {
  if (text === undefined) throw malformed('a name has a text that is neither UTF-8 nor printable')
  return readAscii(text)
}

/** RFC 4514 §2.4: a text cannot pass for another part of the name. */
function escaped(text: string): string {
  return text.replaceAll(/[\\,+"<>;=]/g, '\\$&')
}

function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim()
}
