/** How a setting that cannot work is refused. */
import { VerifierError } from './error.ts'

export function invalidSetting(rule: string, cause?: unknown): VerifierError {
  return new VerifierError('settings_invalid', `The verifier's settings must be such that ${rule}`, { cause })
}
