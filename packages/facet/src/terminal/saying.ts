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
  if (code !== undefined) return `${safeText(error.message)} [${code}]`
  // The system's own words: what it was asked, and for which path.
  if ('syscall' in error && 'code' in error) return `${safeText(error.message)} [${String(error.code)}]`
  return `stopped by a defect, ${error.name}; FACET_TRACE=1 shows where it happened [unforeseen]`
}
