/**
 * How issuers, credentials and claims present themselves to people, by language.
 * OpenID4VCI 1.0 §12.2.4, Appendix B.2.
 *
 * None of it proves anything. What cannot be read is left out, and what it adorns stays usable.
 */
import * as v from 'valibot'
import { list, members, ornament, type Plain, type Reader, type Reads, type Same, text } from '../../read.ts'

/** An image: an `https:` address, or the bytes themselves as `data:`. */
export interface Image {
  readonly uri: string
  /** For those who do not see it. */
  readonly alt_text?: string
}

export interface IssuerDisplay {
  readonly name?: string
  /** Language (BCP 47); absent: for all that have no entry of their own. */
  readonly locale?: string
  readonly logo?: Image
}

export interface ClaimDisplay {
  readonly name?: string
  /** Language (BCP 47); absent: for all that have no entry of their own. */
  readonly locale?: string
}

export interface CredentialConfigurationDisplay {
  readonly name: string
  /** Language (BCP 47); absent: for all that have no entry of their own. */
  readonly locale?: string
  readonly logo?: Image
  readonly description?: string
  /** Colours in numbers: `#12107c`, `rgb(18,16,124)`. */
  readonly background_color?: string
  readonly background_image?: Image
  readonly text_color?: string
}

const NAME_LENGTH = 300
const LOCALE_LENGTH = 100
const IMAGE_LENGTH = 262_144
const LANGUAGES = 200

/** Numbers only: these values end up in style sheets (CSS Color 3 §4.2). */
const COLOUR = /^(?:#(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})|(?:rgb|hsl)a?\([0-9., %]{1,60}\))$/

const image = members({
  // §12.2.4: "The Wallet needs to determine the scheme, since the URI value could use https:, data:, etc."
  uri: v.pipe(
    text(IMAGE_LENGTH),
    v.check((uri) => /^(?:https:\/\/|data:image\/)/.test(uri), 'must begin with https: or data:image/'),
  ),
  alt_text: ornament(text(NAME_LENGTH)),
})

const colour = v.pipe(
  text(),
  v.check((value) => COLOUR.test(value), 'must be a colour in numbers'),
)

const name = ornament(text(NAME_LENGTH))
const locale = ornament(text(LOCALE_LENGTH))
const logo = ornament(image)

const issuerDisplay = members({ name, locale, logo })

const claimDisplay = members({ name, locale })

const configurationDisplay = members({
  name: text(NAME_LENGTH),
  locale,
  logo,
  description: ornament(text()),
  background_color: ornament(colour),
  background_image: ornament(image),
  text_color: ornament(colour),
})

true satisfies Same<Plain<IssuerDisplay>, Reads<typeof issuerDisplay>>
true satisfies Same<Plain<ClaimDisplay>, Reads<typeof claimDisplay>>
true satisfies Same<Plain<CredentialConfigurationDisplay>, Reads<typeof configurationDisplay>>

export const issuerDisplays: Reader<readonly IssuerDisplay[]> = onePerLocale(issuerDisplay)
export const claimDisplays: Reader<readonly ClaimDisplay[]> = onePerLocale(claimDisplay)
export const configurationDisplays: Reader<readonly CredentialConfigurationDisplay[]> =
  onePerLocale(configurationDisplay)

/** "There MUST be only one object for each language identifier." */
function onePerLocale<T extends { readonly locale?: string }>(item: Reader<T>): Reader<readonly T[]> {
  return v.pipe(
    list(item, LANGUAGES),
    v.check(
      (entries) => new Set(entries.map(({ locale }) => locale)).size === entries.length,
      'must have one entry for each language',
    ),
  )
}
