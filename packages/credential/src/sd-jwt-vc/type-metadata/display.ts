/** How a type and its claims are called, by language. draft-ietf-oauth-sd-jwt-vc-19 §5.5, §5.6. */
import type { JsonObject } from '../../json.ts'
import { languageTag } from './language.ts'
import { listIn, malformed, neededTextIn, objectIn, present, textIn } from './member.ts'
import { type Rendering, readRendering } from './rendering.ts'

export interface TypeDisplay {
  /** RFC 5646. */
  readonly locale: string
  readonly name: string
  readonly description?: string
  readonly rendering?: Rendering
}

export interface TypeClaimDisplay {
  /** RFC 5646. */
  readonly locale: string
  readonly label: string
  readonly description?: string
}

/** Languages of one name. */
export const languagesCount = 200
/** Characters of a name or a label. */
const labelLength = 300

/**
 * The display of a type; absent when it has none.
 *
 * @throws {CredentialError} `type_metadata_malformed`
 */
export function readTypeDisplay(document: JsonObject): readonly TypeDisplay[] | undefined {
  const read = (entry: JsonObject): TypeDisplay => {
    const rendering = objectIn(entry, 'rendering')
    return present({
      locale: readLocale(entry),
      name: neededTextIn(entry, 'name', labelLength),
      description: textIn(entry, 'description'),
      rendering: rendering && readRendering(rendering),
    })
  }
  return onePerLocale(listIn(document, 'display', { most: languagesCount, read }))
}

/** The display of one claim; absent when it has none. @throws {CredentialError} `type_metadata_malformed` */
export function readClaimDisplay(claim: JsonObject): readonly TypeClaimDisplay[] | undefined {
  const read = (entry: JsonObject): TypeClaimDisplay =>
    present({
      locale: readLocale(entry),
      label: neededTextIn(entry, 'label', labelLength),
      description: textIn(entry, 'description'),
    })
  return onePerLocale(listIn(claim, 'display', { most: languagesCount, read }))
}

function readLocale(entry: JsonObject): string {
  const locale = neededTextIn(entry, 'locale', 100)
  if (languageTag.test(locale)) return locale
  throw malformed('"locale" must be a language tag')
}

/** Of two entries for one language nobody could say which one is shown. */
function onePerLocale<Entry extends { readonly locale: string }>(
  entries: readonly Entry[] | undefined,
): readonly Entry[] | undefined {
  const locales = new Set(entries?.map(({ locale }) => locale.toLowerCase()))
  if (entries === undefined || locales.size === entries.length) return entries
  throw malformed('"display" has one entry for each language')
}
