/** What waits to be collected, as the operator sees it: nothing of a person. */
import { type DeferredState, listDeferred } from '../issuance/deferred-store.ts'
import type { IssuerPorts } from '../ports.ts'

export interface Deferred {
  readonly issuanceId: string
  readonly configurationId: string
  readonly state: Exclude<DeferredState, 'collected'>
  /** One for each key. */
  readonly copies: number
  /** Seconds since the epoch; it cannot be collected from then on. */
  readonly expiresAt: number
}

export async function* deferredIn({ store }: IssuerPorts): AsyncIterable<Deferred> {
  for await (const { issuanceId, configurationId, state, keys, expiresAt } of listDeferred(store)) {
    if (state !== 'collected') yield { issuanceId, configurationId, state, copies: keys.length, expiresAt }
  }
}
