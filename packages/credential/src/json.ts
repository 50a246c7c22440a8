/**
 * JSON from strangers: RFC 8259, read strictly and within bounds.
 *
 * Programs differ on which of two members of one name counts, so a text that repeats a name means
 * different things to different readers, and signed texts must not (RFC 7515 §4, RFC 7519 §4).
 *
 * One linear pass over the text counts the names and measures the depth; the platform's own parser
 * does the rest. What it returns holds exactly as many names as were counted, unless it dropped one
 * because another of the same name followed. So repeats are found without comparing names, and
 * whatever spelling the parser takes for the same name (`"a"`, `"\u0061"`) is taken for it here.
 * The same pass counts the values, so that a text of nothing but `[],[],…` is refused before the parser
 * makes an object of each.
 */
import { CredentialError } from './error.ts'
import { parseByName } from './json-escaped-names.ts'

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject

/** Any own name may occur, `__proto__` and `constructor` too: look members up with {@link findMember}. */
export interface JsonObject {
  readonly [name: string]: JsonValue
}

/** How much is too much. */
export interface JsonLimits {
  /** Objects and arrays inside one another; 64 when absent. */
  readonly depth?: number
  /** UTF-16 units of the whole text; 1,048,576 when absent. */
  readonly length?: number
  /**
   * Values in the text, counted as commas and opening brackets, which are never fewer; 131,072 when absent:
   * more than a credential of the largest size holds, were its payload digests of array elements alone.
   */
  readonly values?: number
}

const defaultDepth = 64
const defaultLength = 1_048_576
const defaultValues = 131_072

/**
 * Reads a JSON text of a stranger.
 *
 * @throws {CredentialError} `json_too_large`, `json_too_deep`, `json_malformed`, `json_name_repeated`
 */
export function readJson(text: string, limits: JsonLimits = {}): JsonValue {
  if (text.length > (limits.length ?? defaultLength)) {
    throw new CredentialError('json_too_large', 'The JSON text is longer than is read here: send less')
  }
  const { names, escapes, escapedNames } = scan(
    text,
    limits.depth ?? defaultDepth,
    limits.values ?? defaultValues,
  )
  const parsed = parse(text)
  const value = escapedNames ? parseByName(text) : parsed
  if (survey(value, escapes) !== names) {
    throw new CredentialError('json_name_repeated', 'The JSON text names a member twice in one object')
  }
  return value
}

/**
 * Reads a JSON text that must be an object.
 *
 * @throws {CredentialError} those of {@link readJson}, and `json_not_object`
 */
export function readJsonObject(text: string, limits: JsonLimits = {}): JsonObject {
  const value = readJson(text, limits)
  if (!isJsonObject(value)) throw new CredentialError('json_not_object', 'The JSON text is no object')
  return value
}

/** Whether a value is an object, and not an array, `null` or absent. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !isJsonArray(value)
}

/** Whether a value is an array. `Array.isArray` alone would make its items `any`. */
export function isJsonArray(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value)
}

/** The object's own member of that name; what it inherits (`constructor`) is not a member. */
export function findMember(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined
}

/**
 * Whether two JSON values say the same, whatever the order of their members. What is no JSON (`NaN`, an
 * absent member, a date) is the same as nothing.
 */
export function sameJson(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (isJsonArray(a)) {
    return isJsonArray(b) && a.length === b.length && a.every((element, index) => sameJson(element, b[index]))
  }
  if (isJsonObject(a)) {
    const names = Object.keys(a)
    return (
      isJsonObject(b) &&
      names.length === Object.keys(b).length &&
      names.every((name) => Object.hasOwn(b, name) && sameJson(a[name], b[name]))
    )
  }
  return a !== undefined && a === b
}

const quote = 0x22
const comma = 0x2c
const colon = 0x3a
const backslash = 0x5c

/** What one pass over the characters tells. */
interface Scan {
  /** Colons outside strings, which in JSON is names; what is no JSON the parser refuses afterwards. */
  readonly names: number
  /** Whether anything is written with a backslash. */
  readonly escapes: boolean
  /** Whether a name is. */
  readonly escapedNames: boolean
}

function scan(text: string, maxDepth: number, maxValues: number): Scan {
  const escapes = text.includes('\\')
  let names = 0
  let values = 0
  let depth = 0
  let escapedString = false
  let escapedNames = false
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case quote: {
        const end = escapes ? endOfString(text, i) : text.indexOf('"', i + 1)
        if (end === -1) throw malformed()
        if (escapes) escapedString = text.slice(i, end).includes('\\')
        i = end
        break
      }
      case colon:
        names++
        if (escapedString) escapedNames = true
        break
      case comma:
        if (++values > maxValues) throw tooMany()
        break
      case 0x7b: // {
      case 0x5b: // [
        if (++depth > maxDepth) {
          throw new CredentialError('json_too_deep', 'The JSON text is nested deeper than is read here')
        }
        if (++values > maxValues) throw tooMany()
        break
      case 0x7d: // }
      case 0x5d: // ]
        depth--
        break
    }
  }
  return { names, escapes, escapedNames }
}

/** Where the string that begins at `start` has its closing quote. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1)
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1)
  if (end === -1) throw malformed()
  return end
}

/** A quote is escaped by an odd run of backslashes; no run is walked twice. */
function isEscaped(text: string, at: number): boolean {
  let run = at - 1
  while (text.charCodeAt(run) === backslash) run--
  return (at - run) % 2 === 0
}

function parse(text: string): JsonValue {
  if (hasLoneSurrogate(text)) throw malformed()
  try {
    return JSON.parse(text)
  } catch {
    // The parser's own message quotes the text, which may be somebody's data: it is not kept.
    throw malformed()
  }
}

/**
 * Counts the names in a value, and refuses what JSON can spell but no program can hold. Lone
 * surrogates can come only from escapes here, so strings are looked at only where there are such.
 */
function survey(root: JsonValue, escapes: boolean): number {
  const open: (readonly JsonValue[] | JsonObject)[] = []
  look(root, open, escapes)
  let names = 0
  for (let container = open.pop(); container !== undefined; container = open.pop()) {
    if (isJsonArray(container)) {
      for (const item of container) look(item, open, escapes)
    } else {
      const own = Object.keys(container)
      names += own.length
      for (const name of own) {
        if (escapes && hasLoneSurrogate(name)) throw malformed()
        look(container[name], open, escapes)
      }
    }
  }
  return names
}

function look(
  value: JsonValue | undefined,
  open: (readonly JsonValue[] | JsonObject)[],
  escapes: boolean,
): void {
  if (typeof value === 'object') {
    if (value !== null) open.push(value)
  } else if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw malformed()
  } else if (escapes && typeof value === 'string' && hasLoneSurrogate(value)) throw malformed()
}

function hasLoneSurrogate(text: string): boolean {
  return !text.isWellFormed()
}

function tooMany(): CredentialError {
  return new CredentialError(
    'json_too_large',
    'The JSON text holds more values than are read here: send fewer',
  )
}

function malformed(): CredentialError {
  return new CredentialError(
    'json_malformed',
    'The text is not JSON that can be read: send RFC 8259 JSON in UTF-8',
  )
}
