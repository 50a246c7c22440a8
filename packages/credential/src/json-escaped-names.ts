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

const backslash = 0x5c
/** Blank, tab, line feed, carriage return: all that JSON takes for blank, below every other character of it. */
const lastBlank = 0x20
const scalars = /[^\s,\]}]+/y
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
    putOwn(object, name, valueFrom(cursor))
  }
  return object
}

/** `__proto__` is a name like any other, and only that one is no name to an assignment. */
function putOwn(object: Record<string, JsonValue>, name: string, value: JsonValue): void {
  if (name !== '__proto__') object[name] = value
  else Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true })
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

/** What has a backslash is a text by itself, which the platform reads right. */
function stringFrom(cursor: Cursor): string {
  const { text, at } = cursor
  const end = text.indexOf('"', at + 1)
  for (let i = at + 1; i < end; i++) {
    if (text.charCodeAt(i) === backslash) return JSON.parse(take(cursor, strings))
  }
  cursor.at = end + 1
  return text.slice(at + 1, end)
}

function skipBlanks(cursor: Cursor): void {
  while (cursor.text.charCodeAt(cursor.at) <= lastBlank) cursor.at++
}

function take(cursor: Cursor, pattern: RegExp): string {
  pattern.lastIndex = cursor.at
  const [taken = ''] = pattern.exec(cursor.text) ?? []
  cursor.at += taken.length
  return taken
}
