/**
 * A disclosure: salt, name and value of one claim, or salt and value of one array element.
 * RFC 9901 §4.2.
 *
 * Its digest is over the text as issued, so a disclosure always travels as that text and is never
 * written a second time (§4.2.1).
 */
import { readBase64urlText, writeBase64urlText } from '../base64url.ts'
import { CredentialError } from '../error.ts'
import { isJsonArray, type JsonValue, readJson } from '../json.ts'
import { isReservedName } from './reserved-name.ts'

export interface Disclosure {
  /** The text as issued: what is hashed and sent. */
  readonly encoded: string
  readonly salt: string
  /** Absent when an array element is disclosed. */
  readonly name?: string
  /** May hold further digests, as issued. */
  readonly value: JsonValue
}

/**
 * Reads a disclosure: base64url of a JSON array `[salt, name, value]` or `[salt, value]`.
 *
 * @throws {CredentialError} `disclosure_malformed`, with the reason as its cause where there is one;
 *   `disclosure_name_forbidden` for a name that SD-JWT keeps to itself (RFC 9901 §4.2.1)
 */
export function readDisclosure(encoded: string): Disclosure {
  const content = contentOf(encoded)
  const [salt, nameOrValue, value] = content
  if (typeof salt !== 'string') throw malformed('its salt must be a text')
  if (content.length === 2 && nameOrValue !== undefined) return { encoded, salt, value: nameOrValue }
  if (content.length !== 3 || value === undefined) throw malformed('it must have two or three elements')
  if (typeof nameOrValue !== 'string') throw malformed('the name of its claim must be a text')
  if (isReservedName(nameOrValue)) {
    throw new CredentialError(
      'disclosure_name_forbidden',
      'A disclosure names its claim "_sd", "_sd_alg" or "...", which SD-JWT keeps for itself',
    )
  }
  return { encoded, salt, name: nameOrValue, value }
}

/**
 * Writes a disclosure, once, when it is issued: of an object's claim with `name`, of an array element without.
 *
 * @param write base64url of a text's UTF-8, where many are written
 */
export function writeDisclosure(
  { salt, name, value }: Omit<Disclosure, 'encoded'>,
  write: (text: string) => string = writeBase64urlText,
): string {
  return write(JSON.stringify(name === undefined ? [salt, value] : [salt, name, value]))
}

function contentOf(encoded: string): readonly JsonValue[] {
  let content: JsonValue
  try {
    // A token is bounded as a whole; a portrait may be most of it.
    content = readJson(readBase64urlText(encoded), { length: encoded.length })
  } catch (cause) {
    throw malformed('it must be base64url of strict JSON', cause)
  }
  if (!isJsonArray(content)) throw malformed('it must be an array')
  return content
}

function malformed(why: string, cause?: unknown): CredentialError {
  return new CredentialError('disclosure_malformed', `A disclosure cannot be read: ${why}`, { cause })
}
