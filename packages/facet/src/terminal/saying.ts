/** One line for what went wrong. */
import { inspect } from 'node:util'
import type { Environment } from '../config/data-directory.ts'
import { codeOf } from '../error.ts'
import { safeText } from './safe-text.ts'

/**
 * What was wrong, and the code to look it up by. Of an error that no code foresees only the kind is
 * told, since its message may hold anything. With `FACET_TRACE` all is told, causes included.
 */
export function sayingOf(error: unknown, environment: Environment = {}): string {
  const line = lineOf(error)
  const trace = environment.FACET_TRACE ?? ''
  return trace === '' ? line : `${line}\n${inspect(error)}`
}

function lineOf(error: unknown): string {
  if (!(error instanceof Error)) return 'stopped for an unknown reason [unforeseen]'
  const code = codeOf(error)
  if (code !== undefined) return `${safeText(error.message)}${hintFor(error)} [${code}]`
  // The system's own words: what it was asked, and for which path.
  if ('syscall' in error && 'code' in error) return `${safeText(error.message)} [${String(error.code)}]`
  return `stopped by a defect, ${error.name}; FACET_TRACE=1 shows where it happened [unforeseen]`
}

/** What to do about a refusal that its standard leaves open: a code that is wrong, and one that is spent. */
function hintFor(error: Error): string {
  if (!('peerError' in error) || error.peerError !== 'invalid_grant') return ''
  return '. The transaction code is wrong, or the offer is used up: try "facet wallet resume" with the right code, or "abandon"'
}
