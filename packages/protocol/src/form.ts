/**
 * Form encoding: bodies of POST requests to OAuth endpoints, answers by `direct_post`, and the query
 * of links (application/x-www-form-urlencoded; RFC 6749 §3.2 and Appendix B).
 */
import { ProtocolError } from './error.ts'

/** Parameters by name. Those that were sent without a value are absent. */
export type Form = Readonly<Record<string, string>>

export const FORM_MEDIA_TYPE = 'application/x-www-form-urlencoded'

/** Characters of the encoded text: an answer with a credential of 1 MiB fits. */
const LENGTH = 1_572_864
const PARAMETERS = 100

/**
 * Reads a form. Any name may occur in it: ask for parameters by constant names only.
 *
 * @throws {ProtocolError} `message_malformed` for a repeated parameter, or what is no encoded UTF-8;
 * `message_too_large`
 */
export function readForm(encoded: string): Form {
  if (encoded.length > LENGTH) throw tooLarge()
  const pairs = encoded.split('&', PARAMETERS + 1)
  if (pairs.length > PARAMETERS) throw tooLarge()
  const form = new Map<string, string>()
  for (const pair of pairs.filter((pair) => pair !== '')) {
    const [name, value] = readPair(pair)
    // RFC 6749 §3.2: "Request and response parameters MUST NOT be included more than once."
    if (form.has(name)) throw malformed('a parameter is repeated')
    form.set(name, value)
  }
  // RFC 6749 §3.2: "Parameters sent without a value MUST be treated as if they were omitted".
  return Object.fromEntries([...form].filter(([, value]) => value !== ''))
}

/**
 * Writes a form, in the order of its members. Blanks become `%20`, which readers of forms and readers
 * of plain percent-encoding understand alike.
 */
export function writeForm(form: Form): string {
  return Object.entries(form)
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .join('&')
}

function readPair(pair: string): readonly [name: string, value: string] {
  const equals = pair.indexOf('=')
  return equals === -1 ? [decode(pair), ''] : [decode(pair.slice(0, equals)), decode(pair.slice(equals + 1))]
}

function decode(encoded: string): string {
  try {
    return decodeURIComponent(encoded.replaceAll('+', ' '))
  } catch {
    // The platform's own error adds nothing.
    throw malformed('it is not percent-encoded UTF-8')
  }
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function malformed(why: string): ProtocolError {
  return new ProtocolError('message_malformed', `The form cannot be read: ${why}`)
}

function tooLarge(): ProtocolError {
  return new ProtocolError('message_too_large', 'The form is larger than is read here')
}
