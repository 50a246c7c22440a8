/**
 * The person's own record of what happened: who asked, what was shown by name, how it ended. Values
 * that were shown are never in it.
 */
import type { ClaimsPath } from '@facet-id/credential/sd-jwt'
import { type Op, recordForm, type Store } from '@facet-id/store'

const LOG = 'holder/log'

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
      readonly shown: readonly { readonly vct: string; readonly paths: readonly ClaimsPath[] }[]
      /** The error that the verifier answered with. */
      readonly peerError?: string
    }
)

const form = recordForm<LogEntry>(1)

export function logged(entry: LogEntry): Op {
  return { op: 'append', name: LOG, entries: [form.write(entry)] }
}

export async function* readLog(store: Store): AsyncIterable<LogEntry> {
  for await (const { value } of store.read(LOG, 0)) yield form.read(value)
}
