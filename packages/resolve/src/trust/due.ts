/** When a document of trust is fetched again. */
import type { Edition } from '@facet-id/trust/lists'

/** Times are seconds. */
export interface FollowingBounds {
  /** It is not fetched again sooner, whatever its end; 60. */
  readonly minTtl: number
  /** It is fetched again at least so often, so that whoever was taken off is known soon; 3,600. */
  readonly maxTtl: number
  /** After a first failure; each further one doubles it, up to `maxTtl`; 60. */
  readonly failureTtl: number
  /** By how much the clock of whoever signs may be ahead; 60. */
  readonly skew: number
}

const defaults: FollowingBounds = { minTtl: 60, maxTtl: 3600, failureTtl: 60, skew: 60 }

export function readBounds(given: Partial<FollowingBounds>): FollowingBounds {
  return { ...defaults, ...given }
}

/** Halfway to its end, within bounds: there is time for tries that fail before it expires. */
export function dueAfterSuccess(
  { fetchedAt, expiresAt }: Pick<Edition, 'expiresAt'> & { readonly fetchedAt: number },
  { minTtl, maxTtl }: FollowingBounds,
): number {
  return fetchedAt + Math.min(maxTtl, Math.max(minTtl, (expiresAt - fetchedAt) / 2))
}

export function dueAfterFailure(
  now: number,
  failures: number,
  { failureTtl, maxTtl }: FollowingBounds,
): number {
  return now + Math.min(maxTtl, failureTtl * 2 ** (failures - 1))
}
