/** Sweeping as a job: what the index of expiry names is deleted, if it still is expired. */
import { findCell, isExpired, replaceRecord } from './commit-job.ts'
import type { Job } from './committer.ts'
import type { Expiring } from './layout.ts'

/** @returns how many records went */
export function sweepJob(candidates: readonly Expiring[], moment: number): Job<number> {
  return {
    reads: candidates.map(({ recordKey }) => recordKey),
    versions: 0,
    bytes: 0,
    perform(view) {
      let swept = 0
      for (const { indexKey, recordKey } of candidates) {
        // Between the look at the index and now the record may have been written again.
        const cell = findCell(view, recordKey)
        view.set(indexKey, undefined)
        if (cell === undefined || !isExpired(cell, moment)) continue
        replaceRecord(view, recordKey, undefined)
        swept++
      }
      return { result: swept, keep: true }
    },
  }
}
