import * as v from 'valibot'
import { type Reader, text } from '../../read.ts'

/** §6.1, §6.3: "a non-empty string consisting of alphanumeric, underscore, or hyphen characters". */
export const identifier: Reader<string> = v.pipe(
  text(),
  v.regex(/^[A-Za-z0-9_-]+$/, 'must be of letters, digits, "_" and "-" only'),
)

export function areDistinct(ids: readonly string[]): boolean {
  return new Set(ids).size === ids.length
}
