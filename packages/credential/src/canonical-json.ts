/**
 * JSON in its one canonical form, to be hashed or signed (RFC 8785, JCS).
 *
 * Numbers and strings are written as ECMAScript writes them, which is what the text asks for; members stand in
 * the order of the UTF-16 units of their names, which is how ECMAScript sorts.
 */
import { CredentialError } from './error.ts'
import { isJsonArray, isJsonObject, type JsonValue } from './json.ts'

/**
 * The canonical text of a value that was read as JSON. What comes from elsewhere must be no deeper than
 * `readJson` allows.
 *
 * @throws {CredentialError} `json_malformed` for what JSON cannot hold: `NaN`, an absent value, half a surrogate
 * pair
 */
export function writeCanonicalJson(value: JsonValue | undefined): string {
  if (isJsonArray(value)) return `[${value.map(writeCanonicalJson).join(',')}]`
  if (isJsonObject(value)) return `{${writeCanonicalMembers(value).join(',')}}`
  if (value === undefined || (typeof value === 'number' && !Number.isFinite(value))) throw malformed()
  if (typeof value === 'string' && !isWellFormed(value)) throw malformed()
  return JSON.stringify(value)
}

/** Each member of an object as `"name":value`, in canonical order. An optional member that is absent is none. */
export function writeCanonicalMembers(object: { readonly [name: string]: JsonValue | undefined }): string[] {
  return Object.keys(object)
    .filter((name) => object[name] !== undefined)
    .sort()
    .map((name) => `${writeCanonicalJson(name)}:${writeCanonicalJson(object[name])}`)
}

function isWellFormed(text: string): boolean {
  return !/\p{Surrogate}/u.test(text)
}

function malformed(): CredentialError {
  return new CredentialError('json_malformed', 'The value is none that JSON can hold')
}
