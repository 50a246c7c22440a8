/**
 * Reads JSON whose names are written with escapes, name by name.
 *
 * The parser of V8 14 (Node 26) takes such a name for another one of the same length that it met before,
 * when the characters of both begin alike as they are written: after `{"\\":1}` it reads `{"\"":2}` as
 * `{"\\":2}`. What is signed must not depend on what was read before it. Values are not concerned.
 */
import type { JsonValue } from './json.ts'

/**
 * The value of a text that the platform's parser takes as a whole, and that is not nested deeper than
 * the stack. Of members with one name the last counts, as everywhere.
 */
export function parseByName(text: string): JsonValue {
  return valueFrom({ text, at: 0 })
}

interface Cursor {
  readonly text: string
  at: number
}

const blanks = /[ \t\n\r]*/y
const scalars = /[^\s,:[\]{}"]+/y
const strings = /"(?:[^"\\]|\\.)*"/y

function valueFrom(cursor: Cursor): JsonValue {
  skipBlanks(cursor)
  switch (cursor.text[cursor.at]) {
    case '{':
      return objectFrom(cursor)
    case '[':
      return arrayFrom(cursor)
    case '"':
      return stringFrom(cursor)
    default:
      return JSON.parse(take(cursor, scalars))
  }
}

function objectFrom(cursor: Cursor): JsonValue {
  const object: Record<string, JsonValue> = {}
  while (goesOn(cursor, '}')) {
    const name = stringFrom(cursor)
    skipBlanks(cursor)
    cursor.at++
    // Not an assignment: `__proto__` is a name like any other.
    const value = valueFrom(cursor)
    Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true })
  }
  return object
}

function arrayFrom(cursor: Cursor): JsonValue {
  const array: JsonValue[] = []
  while (goesOn(cursor, ']')) array.push(valueFrom(cursor))
  return array
}

/** Steps over the bracket or comma in front of the next member, or over the closing bracket. */
function goesOn(cursor: Cursor, close: string): boolean {
  skipBlanks(cursor)
  if (cursor.text[cursor.at] !== close) cursor.at++
  skipBlanks(cursor)
  if (cursor.text[cursor.at] !== close) return true
  cursor.at++
  return false
}

/** One string by itself is a value, which the platform reads right. */
function stringFrom(cursor: Cursor): string {
  return JSON.parse(take(cursor, strings))
}

function skipBlanks(cursor: Cursor): void {
  take(cursor, blanks)
}

function take(cursor: Cursor, pattern: RegExp): string {
  pattern.lastIndex = cursor.at
  const [taken = ''] = pattern.exec(cursor.text) ?? []
  cursor.at += taken.length
  return taken
}
