/** How a node asks its persons to show a credential, where its operator wants that; nothing of it is loaded where not. */
import { defaultSettings } from '@facet-id/issuer'
import type { Showing } from '../persons/shown-credential.ts'
import type { Ground } from '../service/node.ts'
import { titlesOf } from './issuer-ports.ts'
import type { IssuingOptions } from './options.ts'

/** `undefined`: they are asked in another way. @throws {FacetError} `certificate_unusable`; {VerifierError} `settings_invalid` */
export async function showingFor(
  ground: Ground,
  options: IssuingOptions & { readonly development: boolean },
): Promise<Showing | undefined> {
  const { shownCredential: asked, authorization, profile = 'none', development } = options
  if (asked === undefined || options.userAuthentication !== undefined) return undefined
  const { showingOn } = await import('../persons/shown-credential.ts')
  const lifetime = authorization?.flowLifetime ?? defaultSettings.authorization.flowLifetime
  return showingOn(ground, { asked, titles: titlesOf(options), lifetime, profile, development })
}
