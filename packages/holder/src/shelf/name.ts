/** What credentials are called, in the language of whoever looks at them. */
import { type CredentialType, inLanguage } from '@facet-id/credential/type-metadata'
import type { CredentialConfigurationDisplay } from '@facet-id/protocol/openid4vci'

/** A name in one language. */
export interface CredentialName {
  readonly name: string
  /** Language (RFC 5646); absent: for all that have no entry of their own. */
  readonly locale?: string
}

/**
 * The name for a reader, or its type where it has none. Whatever it says is the word of whoever
 * described it, and proves nothing.
 *
 * @param languages that the person reads, best first (RFC 4647 §3.4)
 */
export function nameOf(
  { names = [], vct }: { readonly names?: readonly CredentialName[]; readonly vct: string },
  languages: readonly string[],
): string {
  return inLanguage(names, languages)?.name ?? vct
}

/** What the type itself is called; what the issuer calls it where nothing is known of the type. */
export function namesOf(
  type: Pick<CredentialType, 'display'> | undefined,
  offered: readonly CredentialConfigurationDisplay[] = [],
): readonly CredentialName[] {
  const display: readonly CredentialName[] =
    type === undefined || type.display.length === 0 ? offered : type.display
  return display.map(({ name, locale }) => (locale === undefined ? { name } : { name, locale }))
}
