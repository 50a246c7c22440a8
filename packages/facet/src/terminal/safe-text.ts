/**
 * Text of strangers, such as the name that an issuer gives itself, may hold characters that move the
 * cursor, change colours, turn the direction of writing or cannot be seen, and so make a terminal say what
 * was never printed. They are written as escapes, which is also what they are in JSON.
 */
import { replaceDeceiving } from '@facet-id/credential/type-metadata'

/** The same text in one line, with nothing in it that a terminal obeys or a person overlooks. */
export function safeText(text: string): string {
  return replaceDeceiving(text, escaped)
}

/** By halves, where a character has two: JSON knows no other escape of it. */
function escaped(character: string): string {
  return Array.from(
    { length: character.length },
    (_, place) => `\\u${character.charCodeAt(place).toString(16).padStart(4, '0')}`,
  ).join('')
}
