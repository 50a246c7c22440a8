/** What the endpoints of one verifier share. */
import type { Announcements } from './announcements.ts'
import type { VerifierPorts } from './ports.ts'
import type { VerifierSettings } from './settings.ts'

export interface Verifying {
  readonly settings: VerifierSettings
  readonly ports: VerifierPorts
  readonly announcements: Announcements
}
