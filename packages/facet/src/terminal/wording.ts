/** What strangers wrote, kept apart from what is said of it. */

/** A source of trust says a sentence of its own. */
export function ended(sentence: string): string {
  return sentence.endsWith('.') ? sentence : `${sentence}.`
}

/** What somebody called something, in quotes where it could be taken for words of ours. */
export function unmistakable(name: string | number | null): string {
  return typeof name === 'string' && !/^[\w.:#/-]+$/.test(name) ? JSON.stringify(name) : String(name)
}
