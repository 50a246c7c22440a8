/**
 * The wallet's journey to an answer: request → verifier known → credentials matched → consent →
 * vp_token. OpenID4VP 1.0. The rules, without the waiting: `holder.ts` does that.
 */
import type { JsonObject } from '@facet-id/credential/json'
import {
  type ClaimsPath,
  type StoredSdJwt,
  selectByPath,
  selectDisclosures,
  writeSdJwt,
} from '@facet-id/credential/sd-jwt'
import {
  type CredentialQuery,
  type DcqlQuery,
  matchCredential,
  type RequestObject,
} from '@facet-id/protocol/openid4vp'
import type { PresentationItem } from './consent.ts'
import { HolderError } from './error.ts'
import type { CredentialRecord, StandingCopy } from './shelf-store.ts'

/** A credential on the shelf, opened, with the copies of it that were never shown. */
export interface OpenedCredential {
  readonly record: CredentialRecord
  /** The processed claims, the same in every copy but for the key and the status entry. */
  readonly claims: JsonObject
  readonly unused: readonly StandingCopy[]
}

/** One query, and the copy that will answer it. */
export interface Match {
  readonly query: CredentialQuery
  readonly credential: OpenedCredential
  readonly copy: StandingCopy
  readonly paths: readonly ClaimsPath[]
}

/**
 * Is the request for now? `aud`, `iss` and unknown members are not looked at (OpenID4VP §5).
 *
 * @throws {HolderError} `request_expired`
 */
export function checkRequestTime({ iat, exp }: RequestObject, now: number, skew: number): void {
  if (exp !== undefined && exp + skew <= now)
    throw new HolderError('request_expired', 'The request is over; ask the verifier for a new one')
  if (iat !== undefined && iat - skew > now)
    throw new HolderError(
      'request_expired',
      'The request was made in the future; look at the clock of the device',
    )
}

/**
 * The newest credential that answers each query. Nothing is shown in part: one query without an
 * answer leaves the whole request without one (OpenID4VP §6.4.2).
 *
 * @throws {HolderError} `nothing_matches`, `copies_spent`
 */
export function matchAll(query: DcqlQuery, held: readonly OpenedCredential[]): readonly Match[] {
  const taken = new Map<string, number>()
  return query.credentials.map((asked) => {
    const fits = held.flatMap((credential) => {
      const { record, claims } = credential
      const answer = matchCredential(asked, { vct: record.vct, claims, hasHolderKey: true })
      return answer.matches ? [{ credential, paths: answer.paths }] : []
    })
    const [best] = fits.sort((a, b) => b.credential.record.receivedAt - a.credential.record.receivedAt)
    if (best === undefined)
      throw new HolderError('nothing_matches', 'No credential that is held answers this request')
    // One copy for each query, also when the same credential answers two.
    const { credentialId } = best.credential.record
    const place = taken.get(credentialId) ?? 0
    taken.set(credentialId, place + 1)
    const copy = best.credential.unused[place]
    if (copy === undefined) {
      throw new HolderError(
        'copies_spent',
        'Every copy of the credential that answers this was shown before; ask its issuer for more',
      )
    }
    return { query: asked, copy, ...best }
  })
}

/** What the person is shown of a match. */
export function itemOf({ query, credential, paths }: Match): PresentationItem {
  const { record, claims, unused } = credential
  return {
    queryId: query.id,
    credentialId: record.credentialId,
    issuer: record.issuer,
    vct: record.vct,
    discloses: paths.flatMap((path) =>
      selectByPath(claims, path).map(({ at, value }) => ({ path: at, value })),
    ),
    copiesLeft: unused.length - 1,
  }
}

/** The SD-JWT with what was asked for and the ancestors of that, and nothing else; ends in `~`. */
export function sdJwtFor({ paths }: Match, { jwt, opened }: StoredSdJwt): string {
  return writeSdJwt(jwt, selectDisclosures(opened, paths))
}

/** The claims that a request could be about, for the trust decision: names, never values. */
export function claimsAsked(
  query: DcqlQuery,
): readonly { readonly vcts: readonly string[]; readonly paths: readonly ClaimsPath[] }[] {
  return query.credentials.map(({ meta, claims }) => ({
    vcts: meta.vct_values,
    paths: (claims ?? []).map(({ path }) => path),
  }))
}
