/** What of the log somebody looks for. */
import type { LogEntry } from '../presentation/log-store.ts'

/** What is absent limits nothing. */
export interface LogSearch {
  /** Full client id. */
  readonly verifier?: string
  /** A type of credential that was received or shown. */
  readonly vct?: string
  /** How it ended, or what happened. */
  readonly event?: LogEntry['event']
  /** Seconds since the epoch: from this moment on, and before that one. */
  readonly from?: number
  readonly until?: number
}

export function isSought(entry: LogEntry, { verifier, vct, event, from, until }: LogSearch): boolean {
  if (event !== undefined && entry.event !== event) return false
  if ((from !== undefined && entry.at < from) || (until !== undefined && entry.at >= until)) return false
  if (verifier !== undefined && !('verifier' in entry && entry.verifier === verifier)) return false
  return vct === undefined || typesIn(entry).includes(vct)
}

function typesIn(entry: LogEntry): readonly string[] {
  if ('shown' in entry) return entry.shown.map((one) => one.vct)
  return 'vct' in entry ? [entry.vct] : []
}
