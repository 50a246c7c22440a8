/**
 * Which language a person is shown: lookup as in RFC 4647 §3.4, over tags as in RFC 5646.
 */

/** A language tag as far as its form goes: letters and digits, joined by hyphens. */
export const languageTag: RegExp = /^[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*$/

/**
 * The entry for the first language that there is one for; else the first entry without a language, else
 * the first of all. `undefined` only when there is none.
 *
 * @param languages what the person reads, best first: `['de-CH', 'fr']`. A wish for `de-CH-1996` is met
 *   by `de-CH`, then by `de`, before the next wish is looked at
 */
export function inLanguage<Entry extends { readonly locale?: string | undefined }>(
  entries: readonly Entry[],
  languages: readonly string[],
): Entry | undefined {
  for (const language of languages) {
    for (let wish = language.toLowerCase(); wish !== ''; wish = shorter(wish)) {
      const found = entries.find(({ locale }) => locale?.toLowerCase() === wish)
      if (found !== undefined) return found
    }
  }
  return entries.find(({ locale }) => locale === undefined) ?? entries[0]
}

/** Without its last part, and without a single letter that then stands last: it only announces what follows. */
function shorter(tag: string): string {
  const parts = tag.split('-').slice(0, -1)
  if (parts.at(-1)?.length === 1) parts.pop()
  return parts.join('-')
}
