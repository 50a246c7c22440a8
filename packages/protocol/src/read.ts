/**
 * The one door for messages of strangers: strict JSON within bounds, then a schema that says which
 * members are known. What it does not name is left behind (every text here says that unknown members
 * are ignored), and what it names is exactly what the schema says, or the message is refused.
 *
 * Schemas are private to their message; the interface written beside it is the public type, and one
 * line, `true satisfies Same<Plain<Message>, Reads<typeof schema>>`, keeps the two equal.
 */
import { CredentialError } from '@facet-id/credential/error'
import { type JsonObject, type JsonValue, readJson } from '@facet-id/credential/json'
import * as v from 'valibot'
import { ProtocolError } from './error.ts'

/** What is said of a message when it is refused, and how much of it is read. */
export interface MessageRules {
  /** As the specification calls it, for the error's text: `credential offer`. */
  readonly name: string
  /** Characters of the JSON text; 65,536 when absent. */
  readonly length?: number
}

/** A schema that reads a stranger's value as a `T`. */
export type Reader<T> = v.GenericSchema<unknown, T>

const LENGTH = 65_536
const TEXT_LENGTH = 2048
const LIST_ITEMS = 100

/**
 * Reads a message: a JSON text, or a value that another reader has already parsed. Every message is
 * an object, so a string is always a text.
 *
 * @throws {ProtocolError} `message_malformed`, `message_too_large`, and what the schema itself throws
 */
export function readMessage<T>(schema: Reader<T>, input: JsonValue, rules: MessageRules): T {
  const value = typeof input === 'string' ? parse(input, rules) : input
  const result = v.safeParse(schema, value, { abortEarly: true })
  if (result.success) return result.output
  throw refusal(result.issues[0], rules)
}

/** An object with these members; it is written in their order. An array is no object. */
export function members<const E extends v.ObjectEntries>(
  entries: E,
): Reader<v.InferOutput<v.ObjectSchema<E, undefined>>> {
  const known: Reader<v.InferOutput<v.ObjectSchema<E, undefined>>> = v.object(entries)
  const ornaments = Object.entries(entries).filter(([, entry]) => isOrnament(entry))
  return v.pipe(
    jsonObject,
    v.transform((object): unknown => withoutUnreadable(object, ornaments)),
    known,
  )
}

/** A member that may be absent. `null` is not absence. */
export function optional<T>(schema: Reader<T>): v.ExactOptionalSchema<Reader<T>, undefined> {
  return v.exactOptional(schema)
}

/**
 * A member that may be absent and serves display or choice only: when it cannot be read it is left
 * out, and the message stays usable.
 */
export function ornament<T>(schema: Reader<T>): v.ExactOptionalSchema<Reader<T>, undefined> {
  return v.exactOptional(v.pipe(schema, v.metadata({ ornament: true })))
}

/** A text that is not empty, of at most `max` UTF-16 units. */
export function text(max: number = TEXT_LENGTH): Reader<string> {
  return v.pipe(v.string(), v.minLength(1, 'must not be empty'), v.maxLength(max, tooLong(max)))
}

/** An array of at least one item, and at most `max`. */
export function list<T>(item: Reader<T>, max: number = LIST_ITEMS): Reader<readonly T[]> {
  return v.pipe(v.array(item), v.minLength(1, 'must not be empty'), v.maxLength(max, tooLong(max)))
}

/** A whole number within safe bounds. */
export function whole(min: number): Reader<number> {
  return v.pipe(
    v.number(),
    v.check((n) => Number.isSafeInteger(n) && n >= min, `must be a whole number, ${min} or more`),
  )
}

/** A point in time, seconds since the epoch; RFC 7519 §2: a NumericDate may have a fraction. */
export const seconds: Reader<number> = v.pipe(v.number(), v.minValue(0, 'must not be before 1970'))

/** Any JSON object, as it stands. */
export const jsonObject: Reader<JsonObject> = v.custom<JsonObject>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'must be an object',
)

declare const brand: unique symbol

/** A `Base` that has passed the reader of that name; no other text is taken for one. */
export type Brand<Base, Name extends string> = Base & { readonly [brand]: Name }

/** What a schema reads, with all members read-only. */
export type Reads<S extends v.GenericSchema> = Plain<v.InferOutput<S>>

/** A message's type without brands, read-only throughout, spelled out. */
export type Plain<T> = T extends { readonly [brand]: string }
  ? string
  : T extends readonly unknown[] | object
    ? { readonly [K in keyof T]: Plain<T[K]> }
    : T

/** `true` only when both are one type, optional members included. */
export type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false

function parse(json: string, { name, length = LENGTH }: MessageRules): JsonValue {
  try {
    return readJson(json, { length })
  } catch (cause) {
    const code = cause instanceof CredentialError ? cause.code : 'json_malformed'
    const large = code === 'json_too_large' || code === 'json_too_deep'
    throw new ProtocolError(
      large ? 'message_too_large' : 'message_malformed',
      `The ${name} ${large ? 'is larger or deeper than is read here' : 'is not the JSON that can be read'}`,
      { cause },
    )
  }
}

function withoutUnreadable(
  object: JsonObject,
  ornaments: readonly (readonly [string, v.ObjectEntries[string]])[],
): JsonObject {
  const unreadable = ornaments.filter(
    ([name, entry]) => Object.hasOwn(object, name) && !v.is(entry, object[name]),
  )
  if (unreadable.length === 0) return object
  const names = new Set(unreadable.map(([name]) => name))
  return Object.fromEntries(Object.entries(object).filter(([name]) => !names.has(name)))
}

function isOrnament(entry: v.ObjectEntries[string]): boolean {
  return (
    entry.type === 'exact_optional' &&
    'wrapped' in entry &&
    v.getMetadata(entry.wrapped as v.GenericSchema).ornament === true
  )
}

/** Neither values nor names that the sender chose: only where, and what should be there. */
function refusal(issue: v.BaseIssue<unknown>, rules: MessageRules): ProtocolError {
  const place = v.getDotPath(issue)
  const what = place === null ? `The ${rules.name}` : `The ${rules.name}'s "${place}"`
  const why = issue.kind === 'validation' || issue.type === 'custom' ? issue.message : expected(issue)
  return new ProtocolError(
    issue.type === 'max_length' ? 'message_too_large' : 'message_malformed',
    `${what} ${why}`,
  )
}

function expected(issue: v.BaseIssue<unknown>): string {
  return issue.received === 'undefined' ? 'is missing' : `must be ${issue.expected ?? 'of another kind'}`
}

function tooLong(max: number): string {
  return `must not be longer than ${max}`
}
