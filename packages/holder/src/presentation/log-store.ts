/**
 * The person's own record of what happened: who asked, what was shown by name, how it ended. Values
 * that were shown are never in it.
 */
import type { ClaimsPath } from '@facet-id/credential/sd-jwt'
import { type Op, type RecordForm, recordForm } from '@facet-id/store'

export const LOG = 'holder/log'

export type LogEntry = { /** Seconds since the epoch. */ readonly at: number } & (
  | {
      readonly event: 'received'
      readonly credentialIssuer: string
      readonly vct: string
      readonly copies: number
    }
  | { readonly event: 'deleted'; readonly credentialId: string }
  | {
      readonly event: 'presenting' | 'accepted' | 'refused' | 'denied'
      /** Full client id of the verifier. */
      readonly verifier: string
      /** What left, by name. */
      readonly shown: readonly {
        readonly vct: string
        readonly paths: readonly ClaimsPath[]
        /** `true`: by a copy that had been shown before, as the person decided. */
        readonly again?: true
      }[]
      /** The error that the verifier answered with. */
      readonly peerError?: string
    }
)

export const logForm: RecordForm<LogEntry> = recordForm<LogEntry>(1)

/** To be committed with what it tells of, to a store in which the log is a chain (`log/linked-store.ts`). */
export function logged(entry: LogEntry): Op {
  return { op: 'append', name: LOG, entries: [logForm.write(entry)] }
}
