/** Distinguished names (RFC 5280 §4.1.2.4): who a certificate is about, and who made it. */
import { type DerValue, derTags, malformed, partsOf } from '../der/der.ts'
import { readAscii, readObjectIdentifier, readSequence } from '../der/values.ts'

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
export function readName(value: DerValue | undefined): DistinguishedName {
  const sets = readSequence(value)
  if (value === undefined || sets.length > maxParts) throw malformed('a name has more parts than are read')
  const read = sets.map(readRelativeName)
  return {
    der: value.whole,
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

export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, at) => byte === b[at])
}

function readRelativeName(value: DerValue): { readonly compared: string; readonly shown: string } {
  if (value.tag !== derTags.set) throw malformed('a name is no sequence of sets')
  const attributes = partsOf(value).map(readAttribute)
  if (attributes.length === 0) throw malformed('a part of a name is empty')
  return {
    compared: JSON.stringify(attributes.map(({ type, text }) => [type, folded(text)])),
    shown: attributes.map(({ type, text }) => `${shortNames[type] ?? type}=${escaped(text)}`).join('+'),
  }
}

function readAttribute(value: DerValue): { readonly type: string; readonly text: string } {
  const [type, text, ...more] = readSequence(value)
  if (text === undefined || more.length > 0) throw malformed('an attribute of a name')
  return { type: readObjectIdentifier(type), text: readText(text) }
}

/** Kinds of text whose characters are known for certain; T.61 and its like are not. */
function readText(value: DerValue): string {
  const text = value.tag === derTags.utf8String ? readUtf8(value.content) : readPlain(value)
  if (text.length > maxCharacters) throw malformed('a text in a name is longer than is read')
  return text
}

function readPlain(value: DerValue): string {
  if (value.tag !== derTags.printableString && value.tag !== derTags.ia5String) {
    throw malformed('a name has a text that is neither UTF-8 nor printable')
  }
  return readAscii(value)
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function readUtf8(bytes: Uint8Array): string {
  let text: string
  try {
    text = utf8.decode(bytes)
  } catch {
    throw malformed('a text in a name is no UTF-8')
  }
  // What a terminal or a page would obey has no place in a name.
  if (/\p{C}/u.test(text)) throw malformed('a text in a name has control characters')
  return text
}

/** RFC 4514 §2.4: a text cannot pass for another part of the name. */
function escaped(text: string): string {
  return text.replaceAll(/[\\,+"<>;=]/g, '\\$&')
}

function folded(text: string): string {
  return text.normalize('NFKC').toLowerCase().replaceAll(/\s+/g, ' ').trim()
}
