/** What the endpoints of one verifier share. */

import type { ReadIdentity } from './asking/identity.ts'
import type { VerifierPorts } from './ports.ts'
import type { Announcements } from './result/announcements.ts'
import type { VerifierSettings } from './settings.ts'

export interface Verifying {
  readonly settings: VerifierSettings
  readonly ports: VerifierPorts
  readonly announcements: Announcements
  /** The names of this verifier, by the client id; the one of the settings is among them. */
  readonly identities: ReadonlyMap<string, ReadIdentity>
}
