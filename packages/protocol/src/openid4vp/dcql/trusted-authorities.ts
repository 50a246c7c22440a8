/**
 * Trusted authorities: whom a verifier takes for an authority over issuers, so that a wallet shows
 * nothing that would be refused. OpenID4VP 1.0 §6.1.1.
 *
 * Who certified an issuer is found out by others; here it is a fact that comes with a credential. A
 * verifier "must verify that the issuer of a received presentation is trusted" by itself anyway.
 */
import * as v from 'valibot'
import { list, members, type Plain, type Reader, type Reads, type Same, text } from '../../read.ts'
import { DCQL_LIMITS } from './limits.ts'

/** Met by a credential of which any of the values is known. */
export interface TrustedAuthorities {
  /**
   * `aki`, `etsi_tl`, `openid_federation`, {@link DID_AUTHORITY}. Of other types nothing is known, so
   * nothing matches them.
   */
  readonly type: string
  /** At least one. */
  readonly values: readonly string[]
}

/**
 * A type of our own: values are DIDs of issuers, compared as text. The types of the specification know
 * certificates and federations only, and an issuer may have neither.
 */
export const DID_AUTHORITY = 'urn:facet:trusted-authority:did'

/** What is known of who stands behind the issuer of a credential, by type; a type that is absent: nothing. */
export interface AuthorityFacts {
  /** The key identifiers in the authority key identifiers of all certificates of its chain, base64url (§6.1.1.1). */
  readonly aki?: readonly string[]
  /** The trusted lists on which a certificate of its chain stands, and those that lead to them (§6.1.1.2). */
  readonly etsi_tl?: readonly string[]
  /** The entities of the trust path that was verified, the issuer itself and the anchor among them (§6.1.1.3). */
  readonly openid_federation?: readonly string[]
  /** The DID that the issuer's key was proven for. */
  readonly [DID_AUTHORITY]?: readonly string[]
}

const trustedAuthoritiesMembers = members({
  type: text(),
  values: list(text(), DCQL_LIMITS.authorityValues),
})

true satisfies Same<Plain<TrustedAuthorities>, Reads<typeof trustedAuthoritiesMembers>>

/** Reads the member; for the schema of the credential query. */
export const trustedAuthorities: Reader<readonly TrustedAuthorities[]> = v.pipe(
  list(trustedAuthoritiesMembers, DCQL_LIMITS.trusted_authorities),
)

const types = ['aki', 'etsi_tl', 'openid_federation', DID_AUTHORITY] as const

/** What is asked for, made ready to be held against many credentials: the values of all entries, by type. */
export type AuthoritiesPlan = readonly {
  readonly type: keyof AuthorityFacts
  readonly values: ReadonlySet<string>
}[]

export function authoritiesPlan(asked: readonly TrustedAuthorities[]): AuthoritiesPlan {
  return types.map((type) => ({
    type,
    values: new Set(asked.flatMap((entry) => (entry.type === type ? entry.values : []))),
  }))
}

/**
 * Whether one of the values of one of the entries is among the facts; also true where nothing is asked.
 * What is not known is not so.
 */
export function isCertified(asked: AuthoritiesPlan | undefined, facts: AuthorityFacts = {}): boolean {
  if (asked === undefined) return true
  return asked.some(({ type, values }) => facts[type]?.some((value) => values.has(value)) ?? false)
}
