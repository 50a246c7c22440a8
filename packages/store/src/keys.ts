/**
 * What may name a record, a counter or a log, and the order that keys have.
 */
import { StoreError } from './error.ts'
import type { Namespace } from './store.ts'

/** UTF-8 bytes; long enough for a URL, short enough for the index of any engine. */
const MAX_KEY_BYTES = 2048
const MAX_NAMESPACE_LENGTH = 128
const NAMESPACE = /^[a-z0-9][a-z0-9_.-]*(?:\/[a-z0-9][a-z0-9_.-]*)*$/
/** A surrogate without its partner: it has no UTF-8 form, so two such keys would become one. */
const LONE_SURROGATE = /\p{Surrogate}/u

/**
 * Reads a namespace: lower-case words (letters, digits, `_`, `.`, `-`) joined by `/`.
 *
 * @throws {StoreError} `key_malformed`
 */
export function readNamespace(text: string): Namespace {
  if (text.length > MAX_NAMESPACE_LENGTH || !NAMESPACE.test(text)) {
    throw new StoreError(
      'key_malformed',
      `A namespace is lower-case words joined by "/", of at most ${MAX_NAMESPACE_LENGTH} characters`,
    )
  }
  return text
}

/**
 * Reads a key of a record, or the name of a counter or a log: any well-formed text (also with NUL) of
 * 1 to 2,048 UTF-8 bytes.
 *
 * @throws {StoreError} `key_malformed`
 */
export function readKey(text: string): string {
  if (text === '') throw new StoreError('key_malformed', 'A key or name has at least one character')
  return readBound(text)
}

/**
 * Reads a bound of a range: a key, or the empty text that is before all keys.
 *
 * @throws {StoreError} `key_malformed`
 */
export function readBound(text: string): string {
  if (LONE_SURROGATE.test(text)) {
    throw new StoreError('key_malformed', 'A key or name is well-formed text, without lone surrogates')
  }
  // A UTF-16 unit is at most three bytes of UTF-8: most keys need no counting.
  if (text.length * 3 > MAX_KEY_BYTES && new TextEncoder().encode(text).length > MAX_KEY_BYTES) {
    throw new StoreError(
      'key_malformed',
      `A key or name is at most ${MAX_KEY_BYTES} bytes of UTF-8: hash a longer one`,
    )
  }
  return text
}

/** Orders two well-formed texts by their UTF-8 bytes, which is not the order of `<` on strings. */
export function compareKeys(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length)
  for (let at = 0; at < shorter; at++) {
    const left = a.charCodeAt(at)
    const right = b.charCodeAt(at)
    if (left !== right) return rank(left) - rank(right)
  }
  return a.length - b.length
}

/** Surrogates stand for code points above U+FFFF, so they come after U+E000 to U+FFFF. */
function rank(unit: number): number {
  if (unit >= 0xe000) return unit - 0x800
  if (unit >= 0xd800) return unit + 0x2000
  return unit
}
