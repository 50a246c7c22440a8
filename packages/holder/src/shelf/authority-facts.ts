/**
 * What a credential itself says of who stands behind its issuer, for `trusted_authorities`. It was judged
 * before it was kept, so its chain of certificates was proven then. OpenID4VP 1.0 §6.1.1.
 */
import { findMember, type JsonObject, type JsonValue } from '@facet-id/credential/json'
import { type AuthorityFacts, DID_AUTHORITY } from '@facet-id/protocol/openid4vp/dcql'

/** The authority key identifiers in a chain of certificates, base64url; none where it cannot be read. */
export type AuthorityKeysOf = (x5c: JsonValue) => readonly string[]

/** @param header of the issuer-signed JWT */
export function authorityFacts(
  issuer: string,
  header: JsonObject,
  authorityKeysOf: AuthorityKeysOf | undefined,
): AuthorityFacts {
  const x5c = findMember(header, 'x5c')
  const aki = x5c === undefined ? [] : (authorityKeysOf?.(x5c) ?? [])
  return {
    ...(aki.length === 0 ? {} : { aki }),
    ...(issuer.startsWith('did:') ? { [DID_AUTHORITY]: [issuer] } : {}),
  }
}
