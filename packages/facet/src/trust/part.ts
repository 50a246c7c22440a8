/** What one entry of a trust configuration brings, and how it stands with it. */

import type { MaybePromise } from '@facet-id/credential/jose'
import type { FollowedDocument } from '@facet-id/resolve/trust'
import type { TrustSource } from '@facet-id/trust'
import type { RevocationList, TrustAnchor } from '@facet-id/trust/x509'

/** Each is asked when it is needed: what is fetched changes. */
export interface TrustPart {
  readonly source?: TrustSource
  /** Whom chains may lead to at that moment, seconds since the epoch. */
  anchorsAt?(now: number): readonly TrustAnchor[]
  revocationLists?(): MaybePromise<readonly RevocationList[]>
  /** What is fetched for it, from time to time. */
  readonly document?: FollowedDocument<unknown>
  /** At that moment. */
  stateAt(now: number): SourceState
}

/** How it stands with one source. Times are seconds since the epoch. */
export interface SourceState {
  readonly source: string
  /** `expired`: it was believed, and vouches for nobody any more. `unheard`: it is not here, or is not believed. */
  readonly state: 'believed' | 'expired' | 'unheard'
  readonly url?: string
  readonly sequence?: number
  readonly issuedAt?: number
  readonly expiresAt?: number
  /** When it was last seen at its address. */
  readonly fetchedAt?: number
  /** Why the last try brought nothing, in words that are safe to show. */
  readonly why?: string
}

/** @param now seconds since the epoch */
export function stateOf(document: FollowedDocument<unknown>, now: number): SourceState {
  const { name: source, url } = document
  const [edition, why] = [document.believed(), document.failure()]
  const said = why === undefined ? {} : { why }
  if (edition === undefined) return { source, state: 'unheard', url, ...said }
  const { sequence, issuedAt, expiresAt, fetchedAt } = edition
  const state = now < expiresAt ? 'believed' : 'expired'
  return { source, state, url, sequence, issuedAt, expiresAt, fetchedAt, ...said }
}
