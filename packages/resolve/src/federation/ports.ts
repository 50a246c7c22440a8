import type { CheckSignatures } from '@facet-id/credential/jose'
import type { Transport } from '@facet-id/protocol/wire'
import type { FederationAnchor } from '@facet-id/trust/federation'

export interface FederationPorts {
  /** It follows no redirect, and refuses addresses that strangers must not choose. */
  readonly transport: Transport
  readonly checkSignatures: CheckSignatures
  /** Seconds since the epoch. */
  readonly now: () => number
  /** Whom chains may lead to; their keys were obtained out of band. */
  readonly anchors: readonly FederationAnchor[]
}

export interface FederationBounds {
  /** Requests for one entity, trust marks included; 24. */
  readonly maxFetches: number
  /** Entities that are looked up at a time; beyond that nothing is fetched, and it is undetermined; 16. */
  readonly maxUnderWay: number
  /** Superiors of one entity that are looked at; 6. */
  readonly maxSuperiors: number
  /** Statements between an entity and an anchor; 6. */
  readonly maxDepth: number
  /** Trust marks of one entity that are looked at; 4. */
  readonly maxMarks: number
  /** Seconds: a statement that is common to many is fetched again at least so often; 3,600. */
  readonly statementTtl: number
  /** Seconds: a member is looked up again at least so often, whatever its chain says; 86,400. */
  readonly maxTtl: number
  /** Seconds for which it is known that somebody is no member, or that it could not be found out; 300 and 30. */
  readonly refusedTtl: number
  readonly failureTtl: number
  /** By how much clocks may differ, seconds; 60. */
  readonly skew: number
  /** Of statements that are kept; 8 MiB. */
  readonly maxKeptBytes: number
}

export const defaultBounds: FederationBounds = {
  maxFetches: 24,
  maxUnderWay: 16,
  maxSuperiors: 6,
  maxDepth: 6,
  maxMarks: 4,
  statementTtl: 3600,
  maxTtl: 86_400,
  refusedTtl: 300,
  failureTtl: 30,
  skew: 60,
  maxKeptBytes: 8_388_608,
}
