import type { WebLocationRules } from '@facet-id/credential/did'
import type { CheckSignatures, ExpandPoint, Hash, MaybePromise } from '@facet-id/credential/jose'
import type { Transport } from '@facet-id/protocol/wire'
import type { Store } from '@facet-id/store'

export interface DidResolverPorts {
  readonly hash: Hash
  readonly expandPoint: ExpandPoint
  readonly checkSignatures: CheckSignatures
  /** How did:web and did:webvh are reached: `safeTransport`, or that of a browser. Absent: they are not found. */
  readonly transport?: Transport
  /** Seconds since the epoch. */
  readonly now: () => number
  /**
   * What a peer sent before of a did:peer whose short form is met now: the long form, or the genesis document.
   * Absent: only long forms are resolved.
   */
  readonly findLongForm?: (did: string) => MaybePromise<string | undefined>
  /**
   * Sealed and lasting: in it is how far the log of each did:webvh went, which stands against one that was cut.
   * Absent: it is remembered until the process ends.
   */
  readonly store?: Store
  /** Where DIDs may be; the public web when absent. */
  readonly rules?: WebLocationRules
}

export interface DidResolverBounds {
  /**
   * DIDs that are kept, of those that say all themselves and of those that are fetched; 4,096 each. Those that were
   * used longest ago are forgotten first.
   */
  readonly maxKept: number
  /** Bytes that are kept of either, roughly; 32 MiB. */
  readonly maxKeptBytes: number
  /** Seconds for which a did:web is kept, which says nothing of it; 300. */
  readonly webTtl: number
  /** The longest that a did:webvh is kept, whatever its `ttl`; 86,400. */
  readonly maxTtl: number
  /** Seconds for which a failure is kept, so that nobody makes us ask again and again; 5. */
  readonly failureTtl: number
  /**
   * Seconds after which a DID that is kept is fetched once more when a key is asked for that it does not have: its
   * owner may have made one since. Not sooner, so that nobody makes us ask again and again; 30.
   */
  readonly lookAgainAfter: number
}
