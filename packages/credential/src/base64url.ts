/**
 * Base64url without padding (RFC 7515 §2, RFC 4648 §5), and the UTF-8 text inside it.
 *
 * Reading takes the canonical form only. Were `QQ` and `QR` both read as `A`, one credential would
 * have many spellings, and whatever is compared or counted as text could be dodged.
 */
import { CredentialError } from './error.ts'

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** Stands for "not in the alphabet": it survives any `|`, so one look at the end of a group finds it. */
const outsideBit = 0x80

const sextetOf: Uint8Array = new Uint8Array(128).fill(outsideBit)
for (let i = 0; i < alphabet.length; i++) sextetOf[alphabet.charCodeAt(i)] = i

/** Twelve bits, two characters. */
const pairOf: readonly string[] = Array.from(
  { length: 4096 },
  (_, bits) => `${alphabet[bits >> 6]}${alphabet[bits & 63]}`,
)

/** Calling the engine's decoder costs more than it saves on texts shorter than this. */
const engineFrom = 128

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const encoder = new TextEncoder()

/**
 * Bytes of a base64url text. The empty text is no bytes.
 *
 * @throws {CredentialError} `base64url_malformed` for a character outside the alphabet (padding,
 * `+`, `/` and blanks among them), an impossible length, or bits set beyond the last byte
 */
export function readBase64url(text: string): Uint8Array<ArrayBuffer> {
  if ((text.length & 3) === 1) throw malformed('its length is not that of any bytes')
  return text.length >= engineFrom && Uint8Array.fromBase64 !== undefined
    ? readByEngine(text)
    : readByTable(text)
}

/** Base64url of the bytes, without padding. */
export function writeBase64url(bytes: Uint8Array): string {
  // The engine's own encoder (ECMAScript 2026) is many times as fast, where there is one.
  return bytes.toBase64?.({ alphabet: 'base64url', omitPadding: true }) ?? writeByTable(bytes)
}

/**
 * The UTF-8 text inside a base64url text. A byte order mark is kept: it is text like any other.
 *
 * @throws {CredentialError} `base64url_malformed`, `utf8_malformed`
 */
export function readBase64urlText(text: string): string {
  return readUtf8(readBase64url(text))
}

/**
 * The text that bytes are: of what was encrypted, say. A byte order mark is kept.
 *
 * @throws {CredentialError} `utf8_malformed`
 */
export function readUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes)
  } catch (cause) {
    throw new CredentialError('utf8_malformed', 'The bytes are no text in UTF-8: encode the text again', {
      cause,
    })
  }
}

/** Base64url of the text's UTF-8. */
export function writeBase64urlText(text: string): string {
  return writeBase64url(encoder.encode(text))
}

/** Characters; what is longer gets bytes of its own. */
const workbench = 1024

/**
 * A {@link writeBase64urlText} for many short texts in a row, which share their bytes on the way: making room
 * for each costs more than encoding it.
 */
export function createTextWriter(): (text: string) => string {
  // A character of UTF-16 is at most three bytes of UTF-8.
  const shared = new Uint8Array(3 * workbench)
  return (text) => {
    const filled = text.length > workbench ? undefined : encoder.encodeInto?.(text, shared)
    return filled === undefined
      ? writeBase64urlText(text)
      : writeBase64url(shared.subarray(0, filled.written))
  }
}

/** UTF-8 of a text: what is signed, when a text is signed. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text)
}

function readByTable(text: string): Uint8Array<ArrayBuffer> {
  const tail = text.length & 3
  const whole = text.length - tail
  const bytes = new Uint8Array(bytesIn(text))
  let at = 0
  for (let i = 0; i < whole; i += 4) {
    const a = sextet(text, i)
    const b = sextet(text, i + 1)
    const c = sextet(text, i + 2)
    const d = sextet(text, i + 3)
    if ((a | b | c | d) & outsideBit) throw outside()
    bytes[at++] = (a << 2) | (b >> 4)
    bytes[at++] = (b << 4) | (c >> 2)
    bytes[at++] = (c << 6) | d
  }
  if (tail > 0) {
    const a = sextet(text, whole)
    const b = sextet(text, whole + 1)
    const c = tail === 3 ? sextet(text, whole + 2) : 0
    if ((a | b | c) & outsideBit) throw outside()
    if (tail === 2 ? b & 15 : c & 3) throw strayBits()
    bytes[at++] = (a << 2) | (b >> 4)
    if (tail === 3) bytes[at] = (b << 4) | (c >> 2)
  }
  return bytes
}

/**
 * The engine's own decoder (ECMAScript 2026) passes over blanks and padding, and over bits beyond
 * the last byte. Each character that it passed over makes the bytes fewer than the text's length says.
 */
function readByEngine(text: string): Uint8Array<ArrayBuffer> {
  const bytes = decodeByEngine(text)
  if (bytes?.length !== bytesIn(text)) throw outside()
  const tail = text.length & 3
  const last = sextet(text, text.length - 1)
  if (tail === 2 ? last & 15 : tail === 3 && last & 3) throw strayBits()
  return bytes
}

function decodeByEngine(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.fromBase64?.(text, { alphabet: 'base64url' })
  } catch {
    return undefined
  }
}

/** How many bytes a canonical text of that length holds. */
function bytesIn(text: string): number {
  return Math.floor((text.length * 3) / 4)
}

function writeByTable(bytes: Uint8Array): string {
  const tail = bytes.length % 3
  const whole = bytes.length - tail
  let text = ''
  for (let i = 0; i < whole; i += 3) {
    const bits = (byteAt(bytes, i) << 16) | (byteAt(bytes, i + 1) << 8) | byteAt(bytes, i + 2)
    text += pair(bits >> 12) + pair(bits & 4095)
  }
  if (tail === 1) text += pair(byteAt(bytes, whole) << 4)
  if (tail === 2) {
    const bits = (byteAt(bytes, whole) << 8) | byteAt(bytes, whole + 1)
    text += pair(bits >> 4) + alphabet.charAt((bits & 15) << 2)
  }
  return text
}

function sextet(text: string, at: number): number {
  return sextetOf[text.charCodeAt(at)] ?? outsideBit
}

function byteAt(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0
}

function pair(bits: number): string {
  return pairOf[bits] ?? ''
}

function outside(): CredentialError {
  return malformed('a character is outside its alphabet')
}

function strayBits(): CredentialError {
  return malformed('bits are set beyond its last byte')
}

function malformed(why: string): CredentialError {
  return new CredentialError('base64url_malformed', `Not base64url without padding: ${why}`)
}
