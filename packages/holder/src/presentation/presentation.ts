/**
 * The wallet's journey to an answer: request → verifier known → credentials matched → consent →
 * vp_token. OpenID4VP 1.0. The rules, without the waiting: `journeys/present.ts` does that.
 */
import type { ClaimPlace } from '@facet-id/credential/sd-jwt'
import type { AuthorizationErrorCode, RequestObject } from '@facet-id/protocol/openid4vp'
import { HolderError, type HolderErrorCode } from '../error.ts'
import type { StandingCopy } from '../shelf/shelf-store.ts'
import type { PresentationItem } from './consent.ts'

/** What is shown of one credential for one query, as the person chose. */
export interface Chosen {
  readonly item: PresentationItem
  /** Where the claims stand that answer. */
  readonly paths: readonly ClaimPlace[]
}

/** The same, with the copy that is shown. */
export interface Match extends Chosen {
  readonly copy: StandingCopy
}

export type Found = { readonly matches: readonly Match[] } | Obstacle

/** Why nothing is shown. */
export interface Obstacle {
  /** What the caller hears. */
  readonly obstacle: HolderError
  /** What the verifier hears. */
  readonly word: AuthorizationErrorCode
}

/**
 * Is the request for now? `aud`, `iss` and unknown members are not looked at (OpenID4VP §5).
 *
 * @throws {HolderError} `request_expired`
 */
export function checkRequestTime({ iat, nbf, exp }: RequestObject, now: number, skew: number): void {
  if (exp !== undefined && exp + skew <= now)
    throw new HolderError('request_expired', 'The request is over; ask the verifier for a new one')
  if (Math.max(iat ?? now, nbf ?? now) - skew > now)
    throw new HolderError(
      'request_expired',
      'The request was made for a time to come; look at the clock of the device',
    )
}

/**
 * A copy for each: one that was never shown, and none twice. The person may have said that one may be shown
 * again where there is no other.
 *
 * @param copies of each credential, by its id
 */
export function takeCopies(
  chosen: readonly Chosen[],
  copies: ReadonlyMap<string, readonly StandingCopy[]>,
  mayReuse: boolean,
): Found {
  const taken = new Set<string>()
  const matches: Match[] = []
  for (const one of chosen) {
    const all = copies.get(one.item.credentialId) ?? []
    const fresh = all.find(({ key, record }) => record.usedAt === undefined && !taken.has(key))
    const copy = fresh ?? (mayReuse ? (all.find(({ key }) => !taken.has(key)) ?? all[0]) : undefined)
    if (copy === undefined) return spent()
    taken.add(copy.key)
    matches.push({ ...one, copy })
  }
  return { matches }
}

/** An obstacle that a verifier cannot tell from any other: "no" and "has nothing" are one word (§15.4.1). */
export function denied(code: HolderErrorCode, text: string): Obstacle {
  return { obstacle: new HolderError(code, text), word: 'access_denied' }
}

/** There is a credential, and no copy of it that may be shown. */
export function spent(): Obstacle {
  return denied(
    'copies_spent',
    'Every copy of the credential that answers this was shown before; ask its issuer for more',
  )
}
