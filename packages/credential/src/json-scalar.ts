/** What of texts and numbers JSON can hold: `JSON.stringify` makes something else of the rest, without a word. */
import { CredentialError } from './error.ts'

/**
 * Refuses what would be read as something else than was written, or not at all.
 *
 * @throws {CredentialError} `json_malformed` for half a surrogate pair, `NaN`, what has no end, and what is absent
 */
export function checkScalar(value: unknown): void {
  if (typeof value === 'string' ? value.isWellFormed() : isOther(value)) return
  throw new CredentialError(
    'json_malformed',
    'A claim is, or is named by, what JSON cannot hold: half a character, a number without end, or nothing at all',
  )
}

function isOther(value: unknown): boolean {
  return value === null || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
}
