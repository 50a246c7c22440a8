/**
 * The wallet's journey to an answer: request → verifier known → credentials matched → consent →
 * vp_token. OpenID4VP 1.0. The rules, without the waiting: `journeys/present.ts` does that.
 */
import type { JsonObject } from '@facet-id/credential/json'
import type { ClaimsPath } from '@facet-id/credential/sd-jwt'
import type {
  AuthorizationErrorCode,
  CredentialQuery,
  DcqlQuery,
  RequestObject,
} from '@facet-id/protocol/openid4vp'
import { matchCredential } from '@facet-id/protocol/openid4vp/dcql'
import type { AskedClaims } from '@facet-id/trust'
import { HolderError, type HolderErrorCode } from '../error.ts'
import type { CredentialRecord, StandingCopy } from '../shelf/shelf-store.ts'

/** A credential on the shelf, opened, with the copies of it that were never shown. */
export interface OpenedCredential {
  readonly record: CredentialRecord
  /** The processed claims of a copy, unshown if any is: others differ in key, status entry and dates. */
  readonly claims: JsonObject
  readonly unused: readonly StandingCopy[]
}

/** One query, and the copy that will answer it. */
export interface Match {
  readonly query: CredentialQuery
  readonly record: CredentialRecord
  readonly copy: StandingCopy
  /** Unused copies after this one. */
  readonly copiesLeft: number
  /** Where the claims stand that answer. */
  readonly paths: readonly ClaimsPath[]
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
 * The newest credential that answers each query and has a copy left. Nothing is shown in part: one
 * query without an answer leaves the whole request without one (OpenID4VP §6.4.2).
 */
export function matchAll({ credentials }: DcqlQuery, held: readonly OpenedCredential[]): Found {
  const newestFirst = [...held].sort((a, b) => b.record.receivedAt - a.record.receivedAt)
  const deal = dealerOf(new Map(held.map(({ record, unused }) => [record.credentialId, unused])))
  const matches: Match[] = []
  for (const query of credentials) {
    const fits = newestFirst.flatMap(({ record, claims }) => {
      const answer = matchCredential(query, { vct: record.vct, claims, hasHolderKey: true })
      return answer.matches ? [{ query, record, paths: answer.paths }] : []
    })
    if (fits.length === 0) return denied('nothing_matches', 'No credential that is held answers this request')
    const match = firstDealt(fits, deal)
    if (match === undefined) return spent()
    matches.push(match)
  }
  return { matches }
}

/**
 * The same matches with other copies, when somebody else took one of theirs: all say the same, so what
 * the person agreed to stands.
 *
 * @param unused copies that are left, by credential
 */
export function withOtherCopies(
  matches: readonly Match[],
  unused: ReadonlyMap<string, readonly StandingCopy[]>,
): Found {
  const deal = dealerOf(unused)
  const others = matches.flatMap((match) => firstDealt([match], deal) ?? [])
  return others.length === matches.length ? { matches: others } : spent()
}

/** An obstacle that a verifier cannot tell from any other: "no" and "has nothing" are one word (§15.4.1). */
export function denied(code: HolderErrorCode, text: string): Obstacle {
  return { obstacle: new HolderError(code, text), word: 'access_denied' }
}

/** The claims that a request could be about, for the trust decision: names, never values. */
export function claimsAsked(query: DcqlQuery): readonly AskedClaims[] {
  return query.credentials.map(({ meta, claims }) => ({
    vcts: meta.vct_values,
    paths: (claims ?? []).map(({ path }) => path),
  }))
}

type Dealt = Pick<Match, 'copy' | 'copiesLeft'>
type Deal = (credentialId: string) => Dealt | undefined

/** Gives no copy twice, also when one credential answers several queries (§6.1). */
function dealerOf(unused: ReadonlyMap<string, readonly StandingCopy[]>): Deal {
  const dealt = new Map<string, number>()
  return (credentialId) => {
    const place = dealt.get(credentialId) ?? 0
    const copies = unused.get(credentialId) ?? []
    const copy = copies[place]
    if (copy === undefined) return undefined
    dealt.set(credentialId, place + 1)
    return { copy, copiesLeft: copies.length - place - 1 }
  }
}

function firstDealt(fits: readonly Omit<Match, keyof Dealt>[], deal: Deal): Match | undefined {
  for (const fit of fits) {
    const dealt = deal(fit.record.credentialId)
    if (dealt !== undefined) return { ...fit, ...dealt }
  }
  return undefined
}

function spent(): Obstacle {
  return denied(
    'copies_spent',
    'Every copy of the credential that answers this was shown before; ask its issuer for more',
  )
}
