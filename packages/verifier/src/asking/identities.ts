/** All names of a verifier, read once: that of the settings, and others. */

import type { VerifierPorts } from '../ports.ts'
import type { VerifierSettings } from '../settings.ts'
import { invalidSetting } from '../settings-error.ts'
import { findHaipGaps } from './haip.ts'
import { type ReadIdentity, readIdentity } from './identity.ts'

/** @throws {VerifierError} `settings_invalid`, also for what lacks where the profile is HAIP's */
export function readIdentities(
  { signer, identities: given = [], hash, encryption }: VerifierPorts,
  settings: VerifierSettings,
): ReadonlyMap<string, ReadIdentity> {
  const { client_id, scheme } = settings
  const own = { client_id, ...(signer === undefined ? {} : { signer }) }
  const all = given.some((one) => one.client_id === client_id) ? given : [own, ...given]
  const identities = all.map((identity) => readIdentity(identity, scheme, hash))
  const keyIds = identities.flatMap(({ encryptionKey }) => encryptionKey?.kid ?? [])
  if (new Set(keyIds).size < keyIds.length) {
    throw invalidSetting('the "kid" of an encryption key says which it is, whichever name it is of')
  }
  if (keyIds.length > 0 && encryption === undefined) {
    throw invalidSetting('a name has an encryption key only where there is the port "encryption"')
  }
  if (settings.responseMode === 'direct_post.jwt' && encryption === undefined) {
    throw invalidSetting('responseMode is direct_post only where the port "encryption" is missing')
  }
  const gaps =
    settings.profile === 'haip'
      ? findHaipGaps(settings, { identities, ...(encryption === undefined ? {} : { encryption }) })
      : []
  if (gaps.length > 0) throw invalidSetting(gaps.join('; '))
  return new Map(identities.map((identity) => [identity.client_id, identity]))
}
