/**
 * Closes a test run with one line that a script can read: `N passed, N failed`, and how many were skipped.
 *
 * A file that could not be run, and an error outside of any test, count as one failure each: the line never
 * says that nothing failed where the run did.
 */
import type { Reporter, TestModule } from 'vitest/node'

export interface Counts {
  readonly passed: number
  readonly failed: number
  readonly skipped: number
}

export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[], reason: string): void {
    const line = countLine(countsOf(modules, errors.length, reason === 'failed'))
    // Whatever else is still said comes before.
    process.once('exit', () => process.stdout.write(`${line}\n`))
  }
}

/** The closing line, without its line end. */
export function countLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}

function countsOf(modules: readonly TestModule[], errors: number, runFailed: boolean): Counts {
  const counts = { passed: 0, failed: errors, skipped: 0, pending: 0 }
  for (const module of modules) {
    const failedBefore = counts.failed
    for (const test of module.children.allTests()) counts[test.result().state]++
    if (!module.ok() && counts.failed === failedBefore) counts.failed++
  }
  return { ...counts, failed: runFailed ? Math.max(counts.failed, 1) : counts.failed }
}
