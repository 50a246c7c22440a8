/**
 * Text of strangers, such as the name that an issuer gives itself, may hold characters that move the
 * cursor, change colours or turn the direction of writing, and so make a terminal say what was never
 * printed. They are written as escapes, which is also what they are in JSON.
 */
const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu

/** The same text in one line, with nothing in it that a terminal obeys. */
export function safeText(text: string): string {
  return text.replace(UNSAFE, (found) => `\\u${(found.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`)
}
